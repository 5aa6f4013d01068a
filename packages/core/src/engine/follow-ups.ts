import { type Draft, patchVisit, voidMessages } from './draft.js';
import { isResend } from './keys.js';
import type { Effect, MessageEffect, Settlement } from './types.js';

/**
 * Takes back follow-ups of the present visit that have not left: a reply or the next message makes them pointless. They
 * no longer count against the limits. One that a worker may be sending at this moment is left to arrive.
 */
export function withdrawFollowUps(draft: Draft, reason: 'response' | 'next_message', at: number): void {
  const isPending = (effect: Effect): effect is MessageEffect =>
    effect.kind === 'message' &&
    effect.ordinal > 0 &&
    isPresentVisit(draft, effect) &&
    !isOnTheWire(draft.input.settlements?.get(effect.key));
  const counted = draft.state.outbox
    .filter(isPending)
    .filter((effect) => !isResend(draft.input.conversation_id, effect));
  voidMessages(draft, reason, isPending);
  if (counted.length === 0) return;
  const { visit } = draft.state;
  patchVisit(draft, {
    follow_ups: visit.follow_ups - counted.length,
    messages: visit.messages.map((message) => {
      const count = counted.filter(({ index }) => index === message.index).length;
      return count === 0
        ? message
        : { ...message, follow_ups: message.follow_ups - count, settled_at: message.settled_at ?? at };
    }),
  });
}

/** Whether an effect belongs to the stage visit that the conversation is in. */
export function isPresentVisit(draft: Draft, effect: { stage: string; visit: number }): boolean {
  return effect.stage === draft.state.current_stage && effect.visit === draft.state.stage_visit;
}

/** Whether a worker may be sending a message at this moment. */
export function isOnTheWire(settlement: Settlement | undefined): boolean {
  return settlement?.outcome === 'open' && settlement.on_the_wire === true;
}
