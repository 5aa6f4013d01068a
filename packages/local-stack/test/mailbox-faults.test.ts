import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailFate, Visit, VisitFate } from '../src/mailbox/fates.js';
import { readJournal, readMishaps } from '../src/mailbox/journal.js';
import { type Mailbox, type MailboxOptions, startMailbox } from '../src/mailbox/mailbox.js';
import { mixedFates } from '../src/mailbox/mixed-fates.js';
import { type SmtpClient, smtpClient } from './smtp-client.js';

const MAIL = ['X-Key: k1', '', 'x'];
const ENVELOPE = ['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>'];

let folder: string;
let journalPath: string;
let mishapsPath: string;
let box: Mailbox;
const clients: SmtpClient[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailbox-faults-'));
  [journalPath, mishapsPath] = [join(folder, 'journal.ndjson'), join(folder, 'mishaps.ndjson')];
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await box.stop();
  await rm(folder, { recursive: true });
});

async function open(options: MailboxOptions): Promise<void> {
  box = await startMailbox({ journalPath, mishapsPath, ...options });
}

async function client(): Promise<SmtpClient> {
  const connected = await smtpClient(box.uri);
  clients.push(connected);
  return connected;
}

/** A fate for one point of the way; the rest goes well. */
function only(point: Visit['point'], fate: VisitFate): MailboxOptions {
  return { greet: (visit) => (visit.point === point ? fate : 'go') };
}

describe('before the body, a mailbox', () => {
  it('hangs before its banner', async () => {
    await open(only('connect', 'hang'));
    const connecting = smtpClient(box.uri);
    const gone = expect(connecting).rejects.toThrow('closed the connection');
    await untilMishap();
    await box.stop();
    await gone;
    expect(await readMishaps(mishapsPath)).toMatchObject([{ kind: 'hung', point: 'connect', to: '', kept: false }]);
  });

  it('hangs at DATA without a 354', async () => {
    await open(only('data', 'hang'));
    const smtp = await client();
    await smtp.say(ENVELOPE, 2);
    const gone = expect(smtp.say(['DATA'], 1)).rejects.toThrow('closed the connection');
    await untilMishap();
    await box.stop();
    await gone;
    expect(await readMishaps(mishapsPath)).toMatchObject([{ kind: 'hung', point: 'data', to: 'b@example.com' }]);
  });

  it('goes on with DATA once whoever wanted to do something at that moment has done it', async () => {
    const points: string[] = [];
    await open({
      greet: async ({ point }): Promise<VisitFate> => {
        await new Promise(setImmediate);
        points.push(point);
        return 'go';
      },
    });
    expect(await (await client()).mail('b@example.com', ...MAIL)).toMatch(/^250 /);
    expect(points).toEqual(['connect', 'rcpt', 'data']);
    expect(await readMishaps(mishapsPath)).toEqual([]);
  });

  it.each(['connect', 'rcpt', 'data'] as const)('drops the connection at the point %s', async (point) => {
    await open(only(point, 'drop'));
    await expect(client().then((smtp) => smtp.mail('b@example.com', ...MAIL))).rejects.toThrow('closed the connection');
    expect(await readMishaps(mishapsPath)).toMatchObject([{ kind: 'dropped', point }]);
    expect(box.messages()).toEqual([]);
  });

  it('refuses a recipient, and takes the next one on the same connection', async () => {
    await open({ greet: ({ to }) => (to === 'b@example.com' ? { code: 550, text: 'Nobody' } : 'go') });
    const smtp = await client();
    expect((await smtp.say(ENVELOPE, 2))[1]).toMatch(/^550 /);
    await smtp.say(['RSET'], 1);
    expect(await smtp.mail('c@example.com', ...MAIL)).toMatch(/^250 /);
    expect(await readMishaps(mishapsPath)).toMatchObject([
      { kind: 'refused', point: 'rcpt', to: 'b@example.com', code: 550 },
    ]);
  });
});

describe('after the body, a mailbox', () => {
  it.each<[string, MailFate, object]>([
    ['refuses', { code: 554, text: 'No' }, { kind: 'refused', code: 554, kept: false }],
    ['hangs', 'hang', { kind: 'hung', kept: false }],
    ['keeps and hangs', 'accept-then-hang', { kind: 'hung', kept: true }],
    ['drops', 'drop', { kind: 'dropped', kept: false }],
    ['keeps and drops', 'accept-then-drop', { kind: 'dropped', kept: true }],
  ])('%s, and its two journals tell which mail it was', async (_, fate, expected) => {
    await open({ intercept: async () => fate });
    const answer = (await client()).mail('b@example.com', ...MAIL).catch(() => 'none');
    await untilMishap();
    if (typeof fate === 'object') expect(await answer).toMatch(/^554 /);

    const mishap = { point: 'body', to: 'b@example.com', headers: { 'x-key': 'k1' } };
    expect(await readMishaps(mishapsPath)).toMatchObject([{ ...mishap, ...expected }]);
    expect(await readJournal(journalPath)).toHaveLength('kept' in expected && expected.kept ? 1 : 0);
  });
});

describe('mixed fates', () => {
  const shares = { deferred: 0.2, rejected: 0.1, dropped: 0.05 };
  const people = Array.from({ length: 4000 }, (_, i) => `p${i}@example.com`);
  const kindOf = (fate: MailFate | VisitFate) => (typeof fate === 'object' ? String(fate.code)[0] : fate);
  const moods = (seed: number, order = people) => {
    const { greet, intercept } = mixedFates(seed, shares);
    return new Map(
      order.map((to) => [
        to,
        [
          kindOf(greet({ point: 'rcpt', sender: { port: 1 }, from: '', to })),
          kindOf(intercept({ to } as never)),
        ] as const,
      ]),
    );
  };

  it('come to about their shares, at both points', () => {
    const all = [...moods(1).values()];
    const share = (point: 0 | 1, ...kinds: string[]) => all.filter((one) => kinds.includes(one[point] ?? '')).length;
    for (const point of [0, 1] as const) {
      expect(share(point, '4') / all.length).toBeCloseTo(0.1, 1);
      expect(share(point, '5') / all.length).toBeCloseTo(0.05, 1);
      expect(share(point, 'drop', 'accept-then-drop')).toBeGreaterThan(50);
    }
    expect(share(1, 'accept-then-drop')).toBeGreaterThan(20);
  });

  it('are the same for one seed in any order, and others for another', () => {
    expect(moods(1, [...people].reverse()).get('p7@example.com')).toEqual(moods(1).get('p7@example.com'));
    expect([...moods(1).values()]).not.toEqual([...moods(2).values()]);
  });
});

async function untilMishap(): Promise<void> {
  while ((await readMishaps(mishapsPath)).length === 0) await new Promise(setImmediate);
}
