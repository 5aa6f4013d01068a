import type { Evidence, LedgerRow } from './evidence.js';
import type { ExpectedConversation, ExpectedKey } from './expected.js';

/** What a fault may leave behind; everything beyond it is a complaint. */
export interface Allowance {
  /** Rows that may end as `unknown`: what can have been on its way when the fault struck. */
  readonly unknownAtMost: number;
  /** Keys that the mailbox refused for good: these may end `failed`, and end their conversations. */
  readonly refused?: ReadonlySet<string>;
  /** Campaigns that the fault cancels: what had not left is not expected. */
  readonly cancelled?: ReadonlySet<string>;
}

/** What the suite itself did, beside the evidence that the system left. */
export interface Deeds {
  /** Ids of replies that the api acknowledged, with their conversations. */
  readonly acknowledged: ReadonlyMap<string, string>;
}

export interface Judgement {
  /** Keys that had to leave, and follow-ups that left although a reply might have voided them. */
  readonly expected: number;
  /** Keys that the mailbox accepted at least once. */
  readonly accepted: number;
  /** Acceptances too many. */
  readonly duplicates: number;
  /** Of the duplicates, those without an attempt in the ledger that nobody knew the end of. */
  readonly unexplained: number;
  /** Expected keys that were neither accepted nor visibly accounted for. */
  readonly lost: number;
  readonly unknown: number;
  /** One sentence each; none: every expectation is met. */
  readonly complaints: readonly string[];
}

/** Looks for what is too much, what is missing, and what does not fit together. Pure. */
export function judge(
  expected: readonly ExpectedConversation[],
  evidence: Evidence,
  allowance: Allowance,
  deeds: Deeds = { acknowledged: new Map() },
): Judgement {
  const complaints: string[] = [];
  const accepted = countAcceptances(evidence);
  const rows = new Map(evidence.rows.map((row) => [row._id, row]));
  const known = new Set(expected.flatMap(({ keys }) => keys.map(({ key }) => key)));

  const lost = expected.flatMap((conversation) => lostOf(conversation, accepted, rows, allowance));
  for (const { key, why } of lost) complaints.push(`lost: ${key}: ${why}`);
  const twice = repeated(accepted, rows);
  for (const { key, times, row } of twice.filter(({ unexplained }) => unexplained > 0)) {
    complaints.push(`accepted ${times} times: ${key}: ${describe(row)}`);
  }
  const unknown = evidence.rows.filter(({ status }) => status === 'unknown').length;
  if (unknown > allowance.unknownAtMost) {
    complaints.push(`${unknown} messages are unknown; at most ${allowance.unknownAtMost} can have been on their way`);
  }
  complaints.push(...expected.flatMap((conversation) => tooManyFollowUps(conversation, accepted)));
  complaints.push(...strangers(accepted, rows, known), ...contradictions(accepted, rows, allowance));
  complaints.push(...unfinished(expected, evidence, allowance), ...misappliedReplies(evidence, deeds));
  return {
    expected: expected.reduce((sum, one) => sum + countDue(one, accepted, rows, allowance), 0),
    accepted: accepted.size,
    duplicates: twice.reduce((sum, { times }) => sum + times - 1, 0),
    unexplained: twice.reduce((sum, { unexplained }) => sum + unexplained, 0),
    lost: lost.length,
    unknown,
    complaints,
  };
}

type Counts = ReadonlyMap<string, number>;
type Rows = ReadonlyMap<string, LedgerRow>;

function countAcceptances({ journal }: Evidence): Counts {
  const counts = new Map<string, number>();
  for (const { key } of journal) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** The keys of one conversation that nothing accounts for. */
function lostOf(
  { keys, campaign }: ExpectedConversation,
  accepted: Counts,
  rows: Rows,
  allowance: Allowance,
): { key: string; why: string }[] {
  const lost: { key: string; why: string }[] = [];
  const isRefused = ({ key }: ExpectedKey) =>
    rows.get(key)?.status === 'failed' && allowance.refused?.has(key) === true;
  // A refusal ends its conversation, which takes back what has not left, earlier messages that wait for another try too.
  const endsEarly = keys.some(isRefused);
  for (const expected of keys) {
    const row = rows.get(expected.key);
    if (isRefused(expected)) return lost;
    if (accepted.has(expected.key) || (endsEarly && row?.status === 'cancelled')) continue;
    const why = missingWhy(expected, row, allowance.cancelled?.has(campaign) === true);
    if (why !== null) lost.push({ key: expected.key, why });
  }
  return lost;
}

/** Keys that had to leave: not those behind a refusal or a cancellation, nor follow-ups that a reply voided. */
function countDue(
  { keys, campaign }: ExpectedConversation,
  accepted: Counts,
  rows: Rows,
  { refused, cancelled }: Allowance,
): number {
  const end = keys.findIndex(({ key }) => refused?.has(key) && rows.get(key)?.status === 'failed');
  const reached = end === -1 ? keys : keys.slice(0, end + 1);
  const isOff = (key: string) => cancelled?.has(campaign) && (rows.get(key)?.status ?? 'cancelled') === 'cancelled';
  const stays = ({ key, kind }: ExpectedKey) => kind === 'required' && !isOff(key);
  return reached.filter((one) => accepted.has(one.key) || stays(one)).length;
}

/** Why a key that was not accepted is lost, or null where it is accounted for. */
function missingWhy({ kind }: ExpectedKey, row: LedgerRow | undefined, cancelled: boolean): string | null {
  if (row?.status === 'unknown') return null;
  if (row === undefined) return kind === 'voidable' || cancelled ? null : 'the ledger has no row of it';
  if (row.status === 'cancelled' && (kind === 'voidable' || cancelled)) return null;
  return describe(row);
}

function repeated(accepted: Counts, rows: Rows) {
  return [...accepted]
    .filter(([, times]) => times > 1)
    .map(([key, times]) => {
      const row = rows.get(key);
      return { key, times, row, unexplained: Math.max(0, times - 1 - explanations(row)) };
    });
}

/** Attempts of which nobody knew how they ended: under `at_least_once` each of them may have arrived. */
function explanations(row: LedgerRow | undefined): number {
  if (row?.policy !== 'at_least_once') return 0;
  return row.attempts.filter(({ outcome, reason }) => outcome === 'unknown' || reason === 'lease_expired').length;
}

/** Which of the follow-ups leave may depend on replies; how many may leave does not. */
function tooManyFollowUps({ keys, followUpsAtMost }: ExpectedConversation, accepted: Counts): string[] {
  const left = new Map<string, number>();
  for (const { key } of keys) {
    const end = key.lastIndexOf('/');
    if (key.slice(end) === '/0' || !accepted.has(key)) continue;
    const message = key.slice(0, end);
    left.set(message, (left.get(message) ?? 0) + 1);
  }
  return [...left]
    .filter(([, count]) => count > followUpsAtMost)
    .map(([message, count]) => `${count} follow-ups of ${message} left; at most ${followUpsAtMost} may`);
}

/** What nobody expected. */
function strangers(accepted: Counts, rows: Rows, known: ReadonlySet<string>): string[] {
  return [
    ...[...accepted.keys()].filter((key) => !known.has(key)).map((key) => `accepted, but not expected: ${key}`),
    ...[...rows.keys()].filter((key) => !known.has(key)).map((key) => `in the ledger, but not expected: ${key}`),
  ];
}

/** Journal and ledger must tell the same story; that a `sent` row is in the journal is looked at as a loss. */
function contradictions(accepted: Counts, rows: Rows, { refused }: Allowance): string[] {
  const complaints: string[] = [];
  for (const key of accepted.keys()) {
    const row = rows.get(key);
    if (row === undefined) complaints.push(`accepted, but not in the ledger: ${key}`);
    else if (row.status !== 'sent' && row.status !== 'unknown' && !isLateRefusal(row, refused)) {
      complaints.push(`accepted, but not sent by the ledger: ${key}: ${describe(row)}`);
    }
  }
  for (const row of rows.values()) {
    if (row.status === 'sending' || row.status === 'retry')
      complaints.push(`not settled: ${row._id}: ${describe(row)}`);
  }
  return complaints;
}

/** Accepted by an attempt that nobody knew the end of, and refused when it was sent again. */
function isLateRefusal(row: LedgerRow, refused: ReadonlySet<string> | undefined): boolean {
  return row.status === 'failed' && refused?.has(row._id) === true && explanations(row) > 0;
}

function unfinished(expected: readonly ExpectedConversation[], evidence: Evidence, { cancelled }: Allowance): string[] {
  const complaints: string[] = [];
  const seen = new Map(evidence.conversations.map((conversation) => [conversation._id, conversation]));
  for (const { id, campaign } of expected) {
    const found = seen.get(id);
    if (found === undefined && cancelled?.has(campaign)) continue; // cancelled before it began
    if (found?.status !== 'completed') {
      complaints.push(
        `conversation ${id} is ${found?.status ?? 'not there'}${found?.reason ? `: ${found.reason}` : ''}`,
      );
    }
  }
  const ids = new Set(expected.map(({ id }) => id));
  for (const id of seen.keys()) if (!ids.has(id)) complaints.push(`conversation ${id} was not expected`);
  for (const id of new Set(expected.map(({ campaign }) => campaign))) {
    const campaign = evidence.campaigns.find(({ _id }) => _id === id);
    const wanted = cancelled?.has(id) ? 'cancelled' : 'completed';
    if (campaign?.status !== wanted || campaign.ended_at === null) {
      complaints.push(`campaign ${id} is ${campaign?.status ?? 'not there'} instead of ${wanted}, or has not ended`);
    }
  }
  return complaints;
}

/** Every reply that was acknowledged is applied exactly once, or kept as `late`. */
function misappliedReplies({ responses, applied }: Evidence, { acknowledged }: Deeds): string[] {
  const complaints: string[] = [];
  const kept = new Map(responses.map((response) => [response._id, response]));
  for (const [id, conversation] of acknowledged) {
    const response = kept.get(id);
    const times = applied.get(id) ?? 0;
    const right = response?.status === 'applied' ? times === 1 : response?.status === 'late' && times === 0;
    if (!right || response?.conversation_id !== conversation) {
      complaints.push(`reply ${id} is ${response?.status ?? 'gone'} and was applied ${times} times`);
    }
  }
  for (const [id, times] of applied) if (times > 1) complaints.push(`reply ${id} was applied ${times} times`);
  return complaints;
}

function describe(row: LedgerRow | undefined): string {
  if (row === undefined) return 'the ledger has no row of it';
  const attempts = row.attempts.map(
    ({ n, at, outcome, reason }) => `${n} ${outcome}${reason ? ` (${reason})` : ''} at ${at}`,
  );
  return `${row.status} (${row.policy}), attempt ${row.attempt} [${attempts.join('; ')}]`;
}
