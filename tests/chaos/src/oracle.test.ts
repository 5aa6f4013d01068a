import type { Evidence, LedgerRow } from './evidence.js';
import { expectedOf } from './expected.js';
import type { Load } from './load.js';
import { type Allowance, type Deeds, judge } from './oracle.js';

const LOAD: Load = {
  campaign: 'c',
  policy: 'at_most_once',
  recipients: 2,
  stages: 2,
  followUps: 1,
  gapSeconds: 1,
  replyEvery: 2,
};
const EXPECTED = expectedOf(LOAD);
const ALL = EXPECTED.flatMap(({ keys }) => keys.map(({ key }) => key));
/** Of somebody who does not reply. */
const KEY = 'c/c-p1/s0/1/0/1';
/** A follow-up of somebody who replies. */
const VOIDABLE = 'c/c-p0/s0/1/0/1';

const row = (_id: string, more: Partial<LedgerRow> = {}): LedgerRow => ({
  _id,
  conversation_id: _id.split('/').slice(0, 2).join('/'),
  campaign_id: 'c',
  status: 'sent',
  policy: 'at_most_once',
  attempt: 1,
  claimed_at: 4,
  attempts: [{ n: 1, at: 5, outcome: 'accepted' }],
  ...more,
});

/** Everything went well: each key is in the journal once. */
const GOOD: Evidence = {
  journal: ALL.map((key) => ({ key, at: 1 })),
  rows: ALL.map((key) => row(key)),
  conversations: EXPECTED.map(({ id }) => ({ _id: id, campaign_id: 'c', status: 'completed' })),
  campaigns: [{ _id: 'c', status: 'completed', ended_at: 9 }],
  responses: [{ _id: 'r', conversation_id: 'c/c-p0', status: 'applied' }],
  applied: new Map([['r', 1]]),
};
const NONE: Allowance = { unknownAtMost: 0 };
const REPLIED: Deeds = { acknowledged: new Map([['r', 'c/c-p0']]) };

const withRow = (key: string, more: Partial<LedgerRow> | null, evidence = GOOD): Evidence => ({
  ...evidence,
  rows: evidence.rows.flatMap((one) => (one._id !== key ? [one] : more === null ? [] : [row(key, more)])),
});
const withoutAcceptance = (key: string, evidence = GOOD): Evidence => ({
  ...evidence,
  journal: evidence.journal.filter((one) => one.key !== key),
});
const twice = (key: string, evidence = GOOD): Evidence => ({
  ...evidence,
  journal: [...evidence.journal, { key, at: 2 }],
});
const judged = (evidence: Evidence, allowance = NONE, deeds = REPLIED) => judge(EXPECTED, evidence, allowance, deeds);

describe('the expected keys', () => {
  it('follow from the numbers of the load alone', () => {
    expect(ALL).toEqual([
      'c/c-p0/s0/1/0/0',
      'c/c-p0/s0/1/0/1',
      'c/c-p0/s1/1/0/0',
      'c/c-p0/s1/1/1/0',
      'c/c-p1/s0/1/0/0',
      'c/c-p1/s0/1/0/1',
      'c/c-p1/s1/1/0/0',
      'c/c-p1/s1/1/1/0',
    ]);
  });

  it('let the follow-ups be voided of those who reply, and of nobody else', () => {
    const voidable = EXPECTED.flatMap(({ keys }) => keys).filter(({ kind }) => kind === 'voidable');
    expect(voidable.map(({ key }) => key)).toEqual([VOIDABLE]);
  });
});

describe('a reply that is held up until a later stage', () => {
  const expected = expectedOf({ ...LOAD, recipients: 1, stages: 3 });
  const keys = expected.flatMap((conversation) => conversation.keys.map(({ key }) => key));
  const evidenceOf = (left: readonly string[]): Evidence => ({
    journal: left.map((key) => ({ key, at: 1 })),
    rows: left.map((key) => row(key)),
    conversations: [{ _id: 'c/c-p0', campaign_id: 'c', status: 'completed' }],
    campaigns: [{ _id: 'c', status: 'completed', ended_at: 9 }],
    responses: [],
    applied: new Map(),
  });

  it('lets another follow-up take the place of the one that it took back', () => {
    expect(keys).toContain('c/c-p0/s2/1/0/2');
    const instead = keys.filter((key) => key !== 'c/c-p0/s2/1/0/1');
    expect(judge(expected, evidenceOf(instead), NONE).complaints).toEqual([]);
  });

  it('does not let more of them leave than the stage has', () => {
    expect(judge(expected, evidenceOf(keys), NONE).complaints).toEqual([
      '2 follow-ups of c/c-p0/s2/1/0 left; at most 1 may',
    ]);
  });
});

describe('the oracle is content', () => {
  const again = { policy: 'at_least_once' as const };
  const unknown = { n: 1, at: 4, outcome: 'unknown', reason: 'timeout' };
  const leaseExpired = { n: 1, at: 4, outcome: 'retry', reason: 'lease_expired' };

  it.each<[string, Evidence, Allowance?]>([
    ['when each message arrived once', GOOD],
    [
      'with an unknown message that did not arrive',
      withRow(KEY, { status: 'unknown' }, withoutAcceptance(KEY)),
      { unknownAtMost: 1 },
    ],
    ['with an unknown message that arrived', withRow(KEY, { status: 'unknown' }), { unknownAtMost: 1 }],
    ['with a follow-up that a reply has voided', withRow(VOIDABLE, null, withoutAcceptance(VOIDABLE))],
    ['with a follow-up that was taken back', withRow(VOIDABLE, { status: 'cancelled' }, withoutAcceptance(VOIDABLE))],
    ['with a second acceptance after an unknown attempt', withRow(KEY, { ...again, attempts: [unknown] }, twice(KEY))],
    ['with a second acceptance after a lost lease', withRow(KEY, { ...again, attempts: [leaseExpired] }, twice(KEY))],
    [
      'with a refused message, and nothing after it',
      withRow(
        'c/c-p1/s1/1/1/0',
        null,
        withoutAcceptance(
          'c/c-p1/s1/1/1/0',
          withRow('c/c-p1/s1/1/0/0', { status: 'failed' }, withoutAcceptance('c/c-p1/s1/1/0/0')),
        ),
      ),
      { ...NONE, refused: new Set(['c/c-p1/s1/1/0/0']) },
    ],
    [
      'with a message that waited for another try when a later one was refused',
      withRow(
        'c/c-p1/s1/1/0/0',
        { status: 'cancelled' },
        withoutAcceptance(
          'c/c-p1/s1/1/0/0',
          withRow('c/c-p1/s1/1/1/0', { status: 'failed' }, withoutAcceptance('c/c-p1/s1/1/1/0')),
        ),
      ),
      { ...NONE, refused: new Set(['c/c-p1/s1/1/1/0']) },
    ],
    [
      'with what had not left when the fault cancelled the campaign',
      { ...withRow(KEY, null, withoutAcceptance(KEY)), campaigns: [{ _id: 'c', status: 'cancelled', ended_at: 9 }] },
      { ...NONE, cancelled: new Set(['c']) },
    ],
  ])('%s', (_, evidence, allowance = NONE) => {
    expect(judged(evidence, allowance)).toMatchObject({ lost: 0, unexplained: 0, complaints: [] });
  });

  it('and counts', () => {
    const missing = withRow(VOIDABLE, null, withoutAcceptance(VOIDABLE));
    const evidence = withRow(KEY, { status: 'unknown' }, withoutAcceptance(KEY, missing));
    expect(judged(evidence, { unknownAtMost: 1 })).toMatchObject({
      expected: 7,
      accepted: 6,
      unknown: 1,
      duplicates: 0,
    });
  });
});

describe('the oracle finds', () => {
  it.each<[string, Evidence, object]>([
    ['a planted duplicate', twice(KEY), { duplicates: 1, unexplained: 1, lost: 0 }],
    [
      'a duplicate under at_most_once, even where an attempt was unknown',
      withRow(KEY, { attempts: [{ n: 1, at: 4, outcome: 'unknown' }] }, twice(KEY)),
      { duplicates: 1, unexplained: 1 },
    ],
    [
      'a duplicate under at_least_once that no attempt explains',
      withRow(KEY, { policy: 'at_least_once', attempts: [{ n: 1, at: 4, outcome: 'deferred' }] }, twice(KEY)),
      { duplicates: 1, unexplained: 1 },
    ],
    [
      'one explanation for two duplicates',
      withRow(
        KEY,
        { policy: 'at_least_once', attempts: [{ n: 1, at: 4, outcome: 'unknown' }] },
        twice(KEY, twice(KEY)),
      ),
      { duplicates: 2, unexplained: 1 },
    ],
    ['a planted loss: sent by the ledger, not in the journal', withoutAcceptance(KEY), { lost: 1, duplicates: 0 }],
    ['a key that vanished', withRow(KEY, null, withoutAcceptance(KEY)), { lost: 1 }],
    ['a message cancelled by nobody', withRow(KEY, { status: 'cancelled' }, withoutAcceptance(KEY)), { lost: 1 }],
    ['a failure that nobody refused', withRow(KEY, { status: 'failed' }, withoutAcceptance(KEY)), { lost: 1 }],
    ['a message that waits for ever', withRow(KEY, { status: 'retry' }, withoutAcceptance(KEY)), { lost: 1 }],
    [
      'a loss of the first message to somebody who replies',
      withRow('c/c-p0/s0/1/0/0', null, withoutAcceptance('c/c-p0/s0/1/0/0')),
      { lost: 1 },
    ],
  ])('%s', (_, evidence, found) => {
    const judgement = judged(evidence);
    expect(judgement).toMatchObject(found);
    expect(judgement.complaints).not.toEqual([]);
  });

  it.each<[string, Evidence, RegExp]>([
    ['an unknown that nothing explains', withRow(KEY, { status: 'unknown' }), /1 messages are unknown; at most 0/],
    [
      'a message that nobody expected',
      { ...GOOD, journal: [...GOOD.journal, { key: 'c/c-p1/s9/1/0/0', at: 1 }] },
      /not expected: c\/c-p1\/s9/,
    ],
    [
      'a row that nobody expected',
      { ...GOOD, rows: [...GOOD.rows, row('c/c-p1/s9/1/0/0')] },
      /in the ledger, but not expected/,
    ],
    ['an acceptance without a row', withRow(KEY, null), /accepted, but not in the ledger/],
    ['an acceptance that the ledger cancelled', withRow(VOIDABLE, { status: 'cancelled' }), /not sent by the ledger/],
    ['a row that is not settled', withRow(KEY, { status: 'sending' }), /not settled/],
    [
      'a conversation that did not end',
      {
        ...GOOD,
        conversations: [
          { _id: 'c/c-p0', campaign_id: 'c', status: 'completed' },
          { _id: 'c/c-p1', campaign_id: 'c', status: 'active' },
        ],
      },
      /c\/c-p1 is active/,
    ],
    [
      'a conversation too many',
      { ...GOOD, conversations: [...GOOD.conversations, { _id: 'c/x', campaign_id: 'c', status: 'completed' }] },
      /c\/x was not expected/,
    ],
    [
      'a campaign that did not end',
      { ...GOOD, campaigns: [{ _id: 'c', status: 'running', ended_at: null }] },
      /campaign c is running/,
    ],
    ['a reply that is gone', { ...GOOD, responses: [], applied: new Map() }, /reply r is gone/],
    ['a reply that was never applied', { ...GOOD, applied: new Map() }, /reply r is applied and was applied 0 times/],
    ['a reply that was applied twice', { ...GOOD, applied: new Map([['r', 2]]) }, /applied 2 times/],
    [
      'a reply that still waits',
      { ...GOOD, responses: [{ _id: 'r', conversation_id: 'c/c-p0', status: 'queued' }] },
      /reply r is queued/,
    ],
  ])('%s', (_, evidence, complaint) => {
    expect(judged(evidence).complaints.join('\n')).toMatch(complaint);
  });
});
