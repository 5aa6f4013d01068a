import { assertNever } from '../engine/assert-never.js';
import type { Attempt, RowStatus } from '../models/documents.js';
import type { Change, Guard, Insert, Removable, Rewrite, Update } from './change.js';
import type { Claim, LedgerEvent, RowOutcome } from './events.js';
import { QUARANTINE_AFTER, spreadMs } from './quarantine.js';
import { wakes } from './wakes.js';

type ChangeOf<E extends LedgerEvent> = E extends { kind: 'entered' }
  ? Insert
  : E extends { kind: 'claimed' }
    ? Change
    : Update;

type EventOf<K extends LedgerEvent['kind']> = Extract<LedgerEvent, { kind: K }>;

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
      return leaseExpired(event);
    case 'retry_started':
      return retryStarted(event);
    case 'retry_survived':
      return update({ status: ['retry'] }, { set: {}, unset: ['starts'] });
    case 'campaign_closed':
      return campaignClosed(event);
    case 'restored':
      return update(
        { status: ['sending', 'retry'] },
        surprise('unknown', attemptOf(0, event.now, 'unknown', 'restored')),
      );
    case 'postponed':
      return update({ status: ['retry'] }, { set: { due_at: event.dueAt }, unset: ['starts'] });
    case 'resolved':
      return update({ status: ['unknown'], resending: event.resending }, ends(event.status, event.attempt));
    case 'resend_begun':
      return update({ status: ['unknown'], resending: false }, { set: { resend: event.resend } });
    case 'told':
      return update({ status: [event.status], attempt: event.attempt }, { set: {}, unset: ['tell'] });
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
    { set: { fence, claimed_at, attempt, status, ...(due_at !== undefined && { due_at }) }, unset: ['starts'] },
  );
}

/** An outcome is recorded by the fence of its claim, and by no other. */
function recorded(outcome: RowOutcome): Update {
  const { fence, status, attempt, dueAt = attempt.at, providerId, uncounted } = outcome;
  const when = { status: recordableFrom(outcome), fence };
  const inc = { ...(uncounted && { inc: { attempt: -1 } }) };
  if (status === 'retry') {
    const unset: Removable[] = ['settled_at', 'tell', ...(uncounted ? [] : (['lost_leases'] as const))];
    // What an operator sends again under another key is not sent under its own as well.
    return update({ ...when, resending: false }, { set: { status, due_at: dueAt }, unset, ...inc, push: attempt });
  }
  const { set, ...rest } = ends(status, attempt);
  const provider = { ...(providerId !== undefined && { provider_id: providerId }) };
  return update(when, { set: { ...set, ...provider, ...(wakes(outcome) && { tell: true }) }, ...rest, ...inc });
}

/**
 * From which states an outcome is recorded by its own fence. While nobody has claimed the row anew, the fence still
 * speaks for it: a final answer counts though the lease ran out, even where the row waits to be sent again. What
 * proves that nobody accepted the message lifts an `unknown`; what leaves it open adds nothing to what is known.
 */
function recordableFrom({ status, unproven }: RowOutcome): RowStatus[] {
  if (status === 'sent' || status === 'failed') return ['sending', 'unknown', 'retry'];
  // Its conversation has gone on from an `unknown`: that it wants the message no more is no wish to take it back.
  const adds = status !== 'unknown' && status !== 'cancelled' && !unproven;
  return adds ? ['sending', 'unknown'] : ['sending'];
}

/** Nobody knows what became of it: `at_most_once` leaves that to an operator, `at_least_once` sends it again. */
function leaseExpired({ row, now, random }: EventOf<'lease_expired'>): Update {
  const { policy, fence, attempt: n, lost_leases = 0 } = row;
  const when = { status: ['sending'], fence, dueBy: now } as const;
  if (policy === 'at_most_once')
    return update(when, surprise('unknown', attemptOf(n, now, 'unknown', 'lease_expired')));
  const lost = lost_leases + 1;
  if (lost >= QUARANTINE_AFTER) return update(when, surprise('unknown', attemptOf(n, now, 'unknown', 'quarantined')));
  return update(when, {
    set: { status: 'retry', due_at: now + spreadMs(lost, random), lost_leases: lost },
    push: attemptOf(n, now, 'retry', 'lease_expired'),
  });
}

/** `cancelled` only where that is the whole truth: what may have arrived is `unknown`, for an operator to see. */
function campaignClosed({ now, inDoubt }: EventOf<'campaign_closed'>): Update {
  const status = inDoubt ? 'unknown' : 'cancelled';
  return update({ status: ['retry'], inDoubt }, ends(status, attemptOf(0, now, status, 'campaign_closed')));
}

/** Counts what an attempt that kills its worker before the claim leaves behind: nothing else. */
function retryStarted({ row, now, random }: EventOf<'retry_started'>): Update {
  const { fence, attempt, starts = 0 } = row;
  const when = { status: ['retry'], fence, attempt } as const;
  if (starts >= QUARANTINE_AFTER)
    return update(when, surprise('unknown', attemptOf(attempt, now, 'unknown', 'quarantined')));
  const laterMs = spreadMs(starts + 1, random);
  return update(when, { set: { ...(laterMs > 0 && { due_at: now + laterMs }) }, inc: { starts: 1 } });
}

/** It ends, and its conversation has to be told. */
function surprise(status: RowStatus, attempt: Attempt): Rewrite {
  const { set, ...rest } = ends(status, attempt);
  return { set: { ...set, tell: true }, ...rest };
}

function ends(status: RowStatus, attempt: Attempt): Rewrite {
  return { set: { status, settled_at: attempt.at }, unset: ['due_at'], push: attempt };
}

function attemptOf(n: number, at: number, outcome: string, reason: string): Attempt {
  return { n, at, outcome, reason };
}

function update(when: Guard, write: Rewrite): Update {
  return { kind: 'update', when, write };
}
