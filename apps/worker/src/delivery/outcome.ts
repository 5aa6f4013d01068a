import type { Channel, Outcome } from '@campaign-manager/channels';
import { assertNever } from '@campaign-manager/core/engine';
import { isInDoubt } from '@campaign-manager/core/ledger';
import type { MessageDocument } from '@campaign-manager/core/models';
import type { RowOutcome, Verdict } from '@campaign-manager/core/store';
import { backoffMs, MAX_ATTEMPTS } from './backoff.js';

export interface OutcomeOptions {
  readonly now: number;
  readonly retryDelayMs: number;
  readonly random: number;
}

/** What the ledger says after the wire (design, section 6, steps 4 and 5). Pure. */
export function afterSend(
  row: MessageDocument,
  outcome: Exclude<Outcome, { status: 'held_back' }>,
  options: OutcomeOptions,
): RowOutcome {
  const { now, retryDelayMs, random } = options;
  const base = { key: row._id, fence: row.fence };
  const attempt = (status: string, reason?: string) => ({
    n: row.attempt,
    at: now,
    outcome: status,
    ...(reason !== undefined && { reason }),
  });
  switch (outcome.status) {
    case 'accepted':
      return {
        ...base,
        status: 'sent',
        attempt: attempt('accepted'),
        ...(outcome.providerId !== undefined && { providerId: outcome.providerId }),
      };
    case 'rejected':
      return { ...base, status: 'failed', attempt: attempt('rejected', outcome.reason) };
    case 'deferred': {
      if (row.attempt >= MAX_ATTEMPTS)
        return { ...base, status: 'failed', attempt: attempt('gave_up', outcome.reason) };
      const pause = backoffMs(row.attempt, retryDelayMs, random, outcome.afterMs);
      return { ...base, status: 'retry', attempt: attempt('deferred', outcome.reason), dueAt: now + pause };
    }
    case 'unknown':
      return row.policy === 'at_least_once' && row.attempt < MAX_ATTEMPTS
        ? {
            ...base,
            status: 'retry',
            unproven: true,
            attempt: attempt('unknown', outcome.reason),
            dueAt: now + backoffMs(row.attempt, retryDelayMs, random),
          }
        : { ...base, status: 'unknown', attempt: attempt('unknown', outcome.reason) };
    default:
      return assertNever(outcome);
  }
}

/** How soon a message that the gate sent back is looked at again, the first time. */
const BACK_MS = 1000;

/** Held back again and again (its conversation is blocked, say), a message is looked at less and less often. Pure. */
function heldBackMs({ attempts }: MessageDocument): number {
  const before = attempts.length - 1 - attempts.findLastIndex(({ outcome }) => outcome !== 'held_back');
  return backoffMs(before + 1, BACK_MS, 0);
}

/**
 * What the ledger says of a claimed message that did not pass the gate: it never reached the wire. One that is not
 * wanted any more is `cancelled` only where that is the whole truth; else it is `unknown`, as its conversation may have
 * taken it already, and an operator sees it. Pure.
 */
export function afterGate(row: MessageDocument, verdict: Exclude<Verdict, 'pass'>, now: number): RowOutcome {
  const base = {
    key: row._id,
    fence: row.fence,
    attempt: { n: row.attempt, at: now, outcome: 'held_back', reason: verdict },
  };
  switch (verdict) {
    case 'back':
    case 'halt':
      return { ...base, status: 'retry', uncounted: true, dueAt: now + heldBackMs(row) };
    case 'withdrawn':
      return isInDoubt(row) ? { ...base, status: 'unknown', uncounted: true } : { ...base, status: 'cancelled' };
    case 'suppressed':
      return { ...base, status: 'suppressed' };
    default:
      return assertNever(verdict);
  }
}

/** A lease longer than anything a channel does with one message. */
export function leaseMs(channel: Pick<Channel, 'timeoutMs'>): number {
  return channel.timeoutMs + 5000;
}
