import type { MailboxOptions, MailFate, ReceivedMail, Visit, VisitFate } from '@campaign-manager/local-stack';
import { mixedFates } from '@campaign-manager/local-stack';
import type { Evidence } from '../evidence.js';
import { expectedOf } from '../expected.js';
import type { Dose, Fault, Plan } from '../fault.js';
import type { Load } from '../load.js';
import { KEY_HEADER } from '../world/key-header.js';
import type { World } from '../world/world.js';
import { steadyLoad } from './steady-load.js';

/** What a bad mail server did, kept apart from what the ledger thinks of it. */
interface Record {
  /** Bodies after which nobody heard anything. */
  silences: number;
  /** Keys refused for good after the body. */
  readonly refusedKeys: Set<string>;
  /** Addresses refused for good at `RCPT TO`, and how often. */
  readonly refusedAddresses: Map<string, number>;
}

type Mood = Required<Pick<MailboxOptions, 'greet' | 'intercept'>>;

/** A server in a bad mood for as long as the campaign lasts. */
function badServer(
  about: { readonly name: string; readonly about: string },
  moodOf: (
    dose: Dose,
    random: () => number,
  ) => { greet(visit: Visit): VisitFate; intercept(mail: ReceivedMail): MailFate },
): Fault {
  const plan = (dose: Dose): Plan => {
    const load = steadyLoad(about.name, dose, 8);
    const record: Record = { silences: 0, refusedKeys: new Set(), refusedAddresses: new Map() };
    let world: World | undefined;
    const mood: Mood = {
      greet: (visit) => {
        if (world === undefined) return 'go';
        const fate = mood_.greet(visit);
        if (fate !== 'go') world.struck();
        if (typeof fate === 'object' && fate.code >= 500) count(record.refusedAddresses, visit.to);
        return fate;
      },
      intercept: (mail) => {
        if (world === undefined) return 'accept';
        const fate = mood_.intercept(mail);
        if (fate !== 'accept') world.struck();
        if (typeof fate === 'string' && fate !== 'accept') record.silences += 1;
        if (typeof fate === 'object' && fate.code >= 500) record.refusedKeys.add(mail.headers[KEY_HEADER] ?? '');
        return fate;
      },
    };
    const mood_ = moodOf(dose, () => world?.random() ?? 1);
    return {
      loads: [load],
      world: {
        mailbox: mood,
        // What this server does would rightly pause the channel until somebody looks at it.
        env: { CHANNEL_PAUSE_ERROR_RATE: '0' },
      },
      inject: async (given) => {
        world = given;
      },
      allowance: () => ({ unknownAtMost: record.silences, refused: refusedKeys(load, record) }),
      check: (_, evidence) => wronglySettled(record, load, evidence),
    };
  };
  return { ...about, plan };
}

/** At `RCPT TO` nobody knows which key it is: any one of those to that address may have been refused. */
function refusedKeys(load: Load, { refusedKeys, refusedAddresses }: Record): Set<string> {
  const keys = expectedOf(load)
    .filter(({ id }) => refusedAddresses.has(addressOf(id)))
    .flatMap((conversation) => conversation.keys.map(({ key }) => key));
  return new Set([...refusedKeys, ...keys]);
}

function addressOf(conversation: string): string {
  return `${conversation.slice(conversation.indexOf('/') + 1)}@example.test`;
}

function count(times: Map<string, number>, name: string): void {
  times.set(name, (times.get(name) ?? 0) + 1);
}

/**
 * Whom the server refused for good has a message that failed, and a conversation that ended for it. A second one may
 * have been before the server at that moment, and been refused as well: never more than there were refusals.
 */
function wronglySettled({ refusedKeys, refusedAddresses }: Record, load: Load, evidence: Evidence): string[] {
  const rows = new Map(evidence.rows.map((row) => [row._id, row]));
  const byKey = [...refusedKeys].flatMap((key) =>
    rows.get(key)?.status === 'failed' ? [] : [`refused with 5xx, but ${rows.get(key)?.status ?? 'not there'}: ${key}`],
  );
  const keyed = new Set([...refusedKeys].map((key) => key.split('/').slice(0, 2).join('/')));
  const conversations = expectedOf(load)
    .map(({ id }) => id)
    .filter((id) => keyed.has(id) || refusedAddresses.has(addressOf(id)));
  const byConversation = conversations.flatMap((id) => {
    const failed = evidence.rows.filter((row) => row.conversation_id === id && row.status === 'failed').length;
    const conversation = evidence.conversations.find(({ _id }) => _id === id);
    const refusals = [...refusedKeys].filter((key) => key.startsWith(`${id}/`)).length;
    const most = refusals + (refusedAddresses.get(addressOf(id)) ?? 0);
    if (failed >= 1 && failed <= most && conversation?.result === 'failed') return [];
    return [`${id} was refused, has ${failed} failed messages, and its result is ${conversation?.result ?? 'none'}`];
  });
  return [...byKey, ...byConversation];
}

/** Of all mails, how many meet each of the ways to hang. */
const HANGS = 0.01;

export const smtpHang = badServer(
  {
    name: 'smtp-hang',
    about: 'the mail server hangs at its banner, at DATA, or after the final dot with and without the mail',
  },
  (_, random) => ({
    greet: ({ point }) => {
      if (point === 'connect') return random() < 0.1 ? 'hang' : 'go';
      return point === 'data' && random() < HANGS ? 'hang' : 'go';
    },
    intercept: () => {
      const x = random();
      if (x < HANGS) return 'hang';
      return x < 2 * HANGS ? 'accept-then-hang' : 'accept';
    },
  }),
);

export const smtpMix = badServer(
  {
    name: 'smtp-mix',
    about: 'the mail server answers 20 % with 4xx and 10 % with 5xx, and drops 5 %, at RCPT or after the body',
  },
  ({ times, recipients }) => mixedFates(times * 1000 + recipients, { deferred: 0.2, rejected: 0.1, dropped: 0.05 }),
);
