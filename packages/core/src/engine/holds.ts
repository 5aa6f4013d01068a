import { type Draft, patch } from './draft.js';
import type { ConversationState, VisitProgress } from './types.js';

/*
 * A hold is a snooze (`until` is an instant: nothing happens before it, and every deadline of the visit moves) or a
 * taken escalation (`until` is null: follow-ups and the maximum wait, the rest goes on). While both last, the
 * snooze counts; when it lapses, the escalation's hold begins where it ended.
 */

/** An operator takes the open escalation. */
export function take(draft: Draft, by: string, at: number): void {
  lapseSnooze(draft, at);
  const { escalation, held } = draft.state;
  if (!escalation) return;
  patch(draft, {
    escalation: { ...escalation, status: 'taken', taken_by: by, taken_at: at },
    held: held ?? { since: at, until: null },
  });
}

/** The operator gives the escalation back: it is open again, and what was held goes on. */
export function release(draft: Draft, at: number): void {
  lapseSnooze(draft, at);
  const { escalation } = draft.state;
  if (escalation?.status !== 'taken') return;
  const { key, action, opened_at } = escalation;
  patch(draft, { escalation: { key, action, status: 'open', opened_at } });
  endEscalationHold(draft, at);
}

/** A snooze that begins while another lasts replaces its end; an end in the past is the end of the snooze. */
export function snooze(draft: Draft, at: number, until: number): void {
  lapseSnooze(draft, at);
  endEscalationHold(draft, at);
  patch(draft, { held: { since: draft.state.held?.since ?? at, until: Math.max(at, until) } });
}

/** Ends a snooze whose time has come at or before `at`. */
export function lapseSnooze(draft: Draft, at: number): void {
  const { held, escalation } = draft.state;
  if (!held || held.until === null || held.until > at) return;
  const { until } = held;
  const visit = draft.state.visit;
  patch(draft, {
    visit: {
      ...visit,
      late_ms: visit.late_ms + heldFor(held, until),
      follow_ups_from: followUpsFrom(visit, held, until),
    },
    held: escalation?.status === 'taken' ? { since: until, until: null } : null,
  });
}

/** Ends the hold of a taken escalation, if there is one; a snooze goes on. */
export function endEscalationHold(draft: Draft, at: number): void {
  const { held, visit } = draft.state;
  if (!held || held.until !== null) return;
  patch(draft, {
    visit: { ...visit, held_ms: visit.held_ms + heldFor(held, at), follow_ups_from: followUpsFrom(visit, held, at) },
    held: null,
  });
}

type Hold = NonNullable<ConversationState['held']>;

/** Never negative: the clocks of those who tell us differ by some milliseconds. */
function heldFor({ since }: Hold, end: number): number {
  return Math.max(0, end - since);
}

/** The instant from which the next follow-up counts, moved by the part of the hold that lies behind it. */
function followUpsFrom(visit: VisitProgress, { since }: Hold, end: number): number | null {
  const latest = visit.messages.at(-1);
  if (!latest) return visit.follow_ups_from;
  const from = Math.max(latest.settled_at ?? latest.decided_at, visit.follow_ups_from ?? 0);
  return from + Math.max(0, end - Math.max(since, from));
}
