import type { RowOutcome } from './events.js';

/**
 * Whether the conversation must be woken to learn of this: anything but a first attempt that was simply accepted, which
 * it finds out at its next decision. Pure.
 */
export function wakes({ status, attempt, uncounted }: Pick<RowOutcome, 'status' | 'attempt' | 'uncounted'>): boolean {
  if (uncounted || status === 'retry' || status === 'cancelled') return false;
  return status !== 'sent' || attempt.n > 1;
}
