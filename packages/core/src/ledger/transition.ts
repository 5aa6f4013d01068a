import { assertNever } from '../engine/assert-never.js';
import type { RowStatus } from '../models/documents.js';
import type { Change, Insert, Update } from './change.js';
import type { Claim, Leased, LedgerEvent, RowOutcome } from './events.js';

type ChangeOf<E extends LedgerEvent> = E extends { kind: 'entered' }
  ? Insert
  : E extends { kind: 'claimed' }
    ? Change
    : Update;

/**
 * What an event does to a row of the ledger: the one table of its states (docs/ledger.md; design, section 6). The store
 * writes it, the model check explores it. Pure: it knows the event, not the row; the guard says which rows it concerns.
 */
export function transition<E extends LedgerEvent>(event: E): ChangeOf<E>;
export function transition(event: LedgerEvent): Change {
  switch (event.kind) {
    case 'claimed':
      return claimed(event);
    case 'entered':
      return { kind: 'insert', row: event.row };
    case 'recorded':
      return recorded(event.outcome);
    case 'lease_expired':
      return leaseExpired(event.row, event.now);
    case 'campaign_closed':
      return settled(['retry'], 'cancelled', { n: 0, at: event.now, outcome: 'cancelled', reason: 'campaign_closed' });
    case 'postponed':
      return update({ status: ['retry'] }, { set: { due_at: event.dueAt } });
    case 'resolved':
      return settled(['unknown'], event.status, event.attempt);
    default:
      return assertNever(event);
  }
}

/** The insert is the lock of a new row; a row that waits is taken from the state in which it was seen. */
function claimed({ row, seenAttempt }: Claim): Change {
  if (seenAttempt === null) return { kind: 'insert', row };
  const { fence, due_at, claimed_at, attempt, status } = row;
  return update(
    { status: ['retry'], attempt: seenAttempt },
    { set: { fence, claimed_at, attempt, status, ...(due_at !== undefined && { due_at }) } },
  );
}

/** An outcome is recorded by the fence of its claim, and by no other. */
function recorded(outcome: RowOutcome): Update {
  const { fence, status, attempt, dueAt, providerId, uncounted } = outcome;
  const open = status === 'retry';
  return update(
    { status: recordableFrom(outcome), fence },
    {
      set: {
        status,
        ...(open ? { due_at: dueAt ?? attempt.at } : { settled_at: attempt.at }),
        ...(providerId !== undefined && { provider_id: providerId }),
      },
      unset: [open ? 'settled_at' : 'due_at'],
      ...(uncounted && { inc: { attempt: -1 } }),
      push: attempt,
    },
  );
}

/**
 * A row whose lease ran out meanwhile is `unknown`, and the fence still speaks for it. A final answer counts even where
 * the row waits to be sent again (`at_least_once`): as long as nobody has claimed it anew, its fence is still ours.
 */
function recordableFrom({ status }: RowOutcome): RowStatus[] {
  const final = status === 'sent' || status === 'failed';
  return final ? ['sending', 'unknown', 'retry'] : ['sending', 'unknown'];
}

/** Nobody knows what became of it: `at_most_once` leaves that to an operator, `at_least_once` sends it again. */
function leaseExpired({ policy, fence, attempt: n }: Leased, now: number): Update {
  const again = policy === 'at_least_once';
  const push = { n, at: now, outcome: again ? 'retry' : 'unknown', reason: 'lease_expired' };
  const when = { status: ['sending'], fence, dueBy: now } as const;
  if (again) return update(when, { set: { status: 'retry', due_at: now }, push });
  return update(when, { set: { status: 'unknown', settled_at: now }, unset: ['due_at'], push });
}

function settled(from: RowStatus[], status: RowStatus, attempt: RowOutcome['attempt']): Update {
  return update({ status: from }, { set: { status, settled_at: attempt.at }, unset: ['due_at'], push: attempt });
}

function update(when: Update['when'], write: Update['write']): Update {
  return { kind: 'update', when, write };
}
