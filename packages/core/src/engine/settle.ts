import { complete } from './complete.js';
import { type Draft, note, patch, patchVisit } from './draft.js';
import { isResend } from './keys.js';
import type { MessageEffect, MessageProgress, Settlement } from './types.js';

/**
 * A message that the ledger settled within this time of its decision counts as having left when it was decided,
 * so that the usual milliseconds of delivery neither move deadlines nor cost a second look. Real milliseconds.
 */
const PROMPT_MS = 1000;

/**
 * Folds what the ledger knows into the state: settled messages leave the outbox and count as sent
 * (design, section 4, "Messages"). A permanent rejection or a suppression ends the conversation.
 */
export function settle(draft: Draft): void {
  const { settlements } = draft.input;
  if (!settlements) return;
  let undeliverable: string | null = null;
  for (const effect of draft.state.outbox) {
    const settlement = settlements.get(effect.key);
    if (!settlement || settlement.outcome === 'open') continue;
    patch(draft, { outbox: draft.state.outbox.filter((other) => other !== effect) });
    if (effect.kind !== 'message') continue;
    fold(draft, effect, settlement);
    if (settlement.outcome === 'failed' || settlement.outcome === 'suppressed') undeliverable = settlement.detail;
  }
  const optsOut = draft.state.inbox.some(({ type }) => type === 'opt_out'); // which is why it was suppressed
  if (undeliverable !== null && draft.state.status !== 'completed' && !optsOut) {
    complete(draft, 'failed', 'undeliverable', undeliverable);
  }
}

function fold(draft: Draft, effect: MessageEffect, settlement: Exclude<Settlement, { outcome: 'open' }>): void {
  if (settlement.outcome !== 'sent') {
    const reason = 'detail' in settlement ? settlement.detail : undefined;
    note(draft, 'delivery', {
      ...(reason !== undefined && { reason }),
      detail: { key: effect.key, outcome: settlement.outcome },
    });
  }
  const { state } = draft;
  if (effect.stage !== state.current_stage || effect.visit !== state.stage_visit) return;
  const prompt = settlement.at - effect.decided_at <= PROMPT_MS;
  const leftAt = prompt ? effect.decided_at : settlement.at;
  const accepted = settlement.outcome === 'sent' || settlement.outcome === 'unknown';
  const messages = state.visit.messages.map((message) =>
    message.index === effect.index ? withSettlement(message, effect, leftAt, accepted) : message,
  );
  patchVisit(draft, { messages, late_ms: lateness(draft, effect, leftAt) });
}

function withSettlement(
  message: MessageProgress,
  effect: MessageEffect,
  leftAt: number,
  accepted: boolean,
): MessageProgress {
  return {
    ...message,
    settled_at: effect.ordinal === message.ordinal ? leftAt : message.settled_at,
    accepted_at: message.accepted_at ?? (accepted ? effect.decided_at : null),
  };
}

/** The first message of a visit that leaves late moves the visit's later deadlines by as much. */
function lateness(draft: Draft, effect: MessageEffect, leftAt: number): number {
  const { late_ms } = draft.state.visit;
  if (effect.index !== 0 || effect.ordinal !== 0 || isResend(draft.input.conversation_id, effect)) return late_ms;
  return late_ms + Math.max(0, leftAt - effect.decided_at);
}
