import { type MessageDocument, ROW_STATUSES, type RowStatus } from '../models/documents.js';
import { applyChange } from './apply-change.js';
import type { LedgerEvent, RowOutcome } from './events.js';
import { transition } from './transition.js';

const row: MessageDocument = {
  _id: 'c/r/hello/1/0/0',
  campaign_id: 'c',
  conversation_id: 'c/r',
  recipient_id: 'r',
  stage: 'hello',
  visit: 1,
  index: 0,
  ordinal: 0,
  channel: 'email',
  policy: 'at_most_once',
  to: 'ann@example.test',
  subject: '',
  body: '',
  status: 'sending',
  attempt: 1,
  fence: 'mine',
  due_at: 100,
  decided_at: 0,
  claimed_at: 0,
  attempts: [],
};
const at = 200;
const attempt = { n: 1, at, outcome: 'whatever' };
const outcome = (status: RowOutcome['status'], more: Partial<RowOutcome> = {}): LedgerEvent => ({
  kind: 'recorded',
  outcome: { key: row._id, fence: 'mine', status, attempt, ...more },
});
const patient: MessageDocument = { ...row, policy: 'at_least_once' };

/** What an event makes of a row in each of the states; `-` where it leaves it alone. */
function effects(event: LedgerEvent): string {
  const made = ROW_STATUSES.map((status) => {
    const after = applyChange({ ...row, status }, transition(event));
    return after ? `${status} -> ${after.status}` : null;
  });
  return made.filter((line) => line !== null).join(', ') || '-';
}

describe('the table of a ledger row', () => {
  it.each<[string, LedgerEvent, string]>([
    [
      'a claim of a row that waits',
      { kind: 'claimed', row: { ...row, fence: 'new', attempt: 2 }, seenAttempt: 1 },
      'retry -> sending',
    ],
    [
      'a claim of a row that was tried since',
      { kind: 'claimed', row: { ...row, fence: 'new', attempt: 1 }, seenAttempt: 0 },
      '-',
    ],
    ['a claim of a new row that exists', { kind: 'claimed', row, seenAttempt: null }, '-'],
    ['a row of its own that exists', { kind: 'entered', row }, '-'],
    ['an acceptance', outcome('sent'), 'sending -> sent, retry -> sent, unknown -> sent'],
    ['a rejection', outcome('failed'), 'sending -> failed, retry -> failed, unknown -> failed'],
    ['a proof that nobody accepted it', outcome('retry', { dueAt: 300 }), 'sending -> retry, unknown -> retry'],
    ['a held back attempt', outcome('retry', { uncounted: true }), 'sending -> retry, unknown -> retry'],
    ['silence under at_least_once', outcome('retry', { unproven: true }), 'sending -> retry'],
    ['silence under at_most_once', outcome('unknown'), 'sending -> unknown'],
    ['a withdrawal at the gate', outcome('cancelled'), 'sending -> cancelled'],
    ['a suppression at the gate', outcome('suppressed'), 'sending -> suppressed, unknown -> suppressed'],
    ['an acceptance by another fence', outcome('sent', { fence: 'theirs' }), '-'],
    ['a lost lease', { kind: 'lease_expired', row, now: at, random: 0 }, 'sending -> unknown'],
    ['a lost lease, to be sent again', { kind: 'lease_expired', row: patient, now: at, random: 0 }, 'sending -> retry'],
    [
      'a fifth lost lease',
      { kind: 'lease_expired', row: { ...patient, lost_leases: 4 }, now: at, random: 0 },
      'sending -> unknown',
    ],
    ['a lease that has not run out', { kind: 'lease_expired', row, now: 99, random: 0 }, '-'],
    ['the start of a retry', { kind: 'retry_started', row, now: at, random: 0 }, 'retry -> retry'],
    [
      'a sixth start in a row',
      { kind: 'retry_started', row: { ...row, starts: 5 }, now: at, random: 0 },
      'retry -> unknown',
    ],
    ['a start that failed alive', { kind: 'retry_survived' }, 'retry -> retry'],
    ['the end of the campaign', { kind: 'campaign_closed', now: at, inDoubt: false }, 'retry -> cancelled'],
    ['the end of the campaign, for those in doubt', { kind: 'campaign_closed', now: at, inDoubt: true }, '-'],
    ['a restored backup', { kind: 'restored', now: at }, 'sending -> unknown, retry -> unknown'],
    ['a channel that is away', { kind: 'postponed', dueAt: 300 }, 'retry -> retry'],
    [
      'an operator who knows that it arrived',
      { kind: 'resolved', status: 'sent', attempt, resending: false },
      'unknown -> sent',
    ],
    [
      'an operator who gives it up',
      { kind: 'resolved', status: 'abandoned', attempt, resending: false },
      'unknown -> abandoned',
    ],
    ['a resend', { kind: 'resend_begun', resend: { by: 'olga', at } }, 'unknown -> unknown'],
    ['a resend that is finished', { kind: 'resolved', status: 'abandoned', attempt, resending: true }, '-'],
    ['having told of it', { kind: 'told', status: 'unknown', attempt: 1 }, 'unknown -> unknown'],
    ['having told of an earlier attempt', { kind: 'told', status: 'unknown', attempt: 0 }, '-'],
  ])('%s', (_, event, expected) => {
    expect(effects(event)).toBe(expected);
  });

  it('nothing moves a row out of a state that is an end', () => {
    const ends: RowStatus[] = ['sent', 'failed', 'cancelled', 'suppressed', 'abandoned'];
    const fired = ['sent', 'failed', 'retry', 'unknown', 'cancelled', 'suppressed'] as const;
    for (const status of fired) {
      for (const end of ends) expect(applyChange({ ...row, status: end }, transition(outcome(status)))).toBeNull();
    }
  });
});

describe('a row that an operator has sent again under another key', () => {
  const resending = applyChange(
    { ...row, status: 'unknown' },
    transition({ kind: 'resend_begun', resend: { by: 'olga', at } }),
  );
  const after = (event: LedgerEvent) => applyChange(resending ?? row, transition(event))?.status;

  it('is not sent under its own, though it turns out that nobody accepted it', () => {
    expect(after(outcome('retry'))).toBeUndefined();
  });

  it('is settled by that operator, or by an answer that comes after all', () => {
    expect(after({ kind: 'resolved', status: 'abandoned', attempt, resending: true })).toBe('abandoned');
    expect(after({ kind: 'resolved', status: 'sent', attempt, resending: false })).toBeUndefined();
    expect(after(outcome('sent'))).toBe('sent');
  });
});

describe('a row that its conversation has to be told of says so in the same write', () => {
  const after = (event: LedgerEvent, from: RowStatus = 'sending') =>
    applyChange({ ...row, status: from }, transition(event)) ?? undefined;

  it.each<[string, LedgerEvent, RowStatus]>([
    ['a rejection', outcome('failed'), 'sending'],
    ['silence', outcome('unknown'), 'sending'],
    ['a suppression', outcome('suppressed'), 'sending'],
    ['a later attempt that was accepted', outcome('sent', { attempt: { ...attempt, n: 2 } }), 'sending'],
    ['a lost lease', { kind: 'lease_expired', row, now: at, random: 0 }, 'sending'],
    ['a quarantine', { kind: 'retry_started', row: { ...row, starts: 5 }, now: at, random: 0 }, 'retry'],
  ])('%s', (_, event, from) => {
    const marked = after(event, from);
    expect(marked).toMatchObject({ tell: true, settled_at: at });
    expect(
      marked && applyChange(marked, transition({ kind: 'told', status: marked.status, attempt: 1 })),
    ).not.toHaveProperty('tell');
  });

  it.each<[string, LedgerEvent]>([
    ['a first attempt that was accepted', outcome('sent')],
    ['a withdrawal', outcome('cancelled')],
    ['a deferral', outcome('retry')],
  ])('%s does not', (_, event) => {
    expect(after(event)).not.toHaveProperty('tell');
  });

  it('a proof that comes after the surprise takes it back', () => {
    const unknown = after({ kind: 'lease_expired', row, now: at, random: 0 });
    expect(unknown && applyChange(unknown, transition(outcome('retry')))).not.toHaveProperty('tell');
  });
});

describe('a first attempt that is accepted', () => {
  it('costs one write of the fields that any record has', () => {
    expect(transition(outcome('sent', { providerId: 'p' }))).toEqual({
      kind: 'update',
      when: { status: ['sending', 'unknown', 'retry'], fence: 'mine' },
      write: { set: { status: 'sent', settled_at: at, provider_id: 'p' }, unset: ['due_at'], push: attempt },
    });
  });
});
