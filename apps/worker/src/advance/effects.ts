import {
  type ConversationState,
  type EscalationEffect,
  type MessageEffect,
  renderMessage,
  type Send,
} from '@campaign-manager/core/engine';
import type { DecidedConversation } from '@campaign-manager/core/store';
import type { SpanPlace } from '@campaign-manager/runtime';
import type { Delivery } from '../delivery/delivery.js';
import { decideInput } from './decide-batch.js';
import type { LoadedBatch } from './load.js';
import type { Steps } from './steps.js';

/** What a committed conversation still has to bring about. */
export interface Effects {
  readonly deliveries: readonly Delivery[];
  readonly escalations: readonly { conversationId: string; campaignId: string; effect: EscalationEffect }[];
}

/**
 * Every effect in the outboxes that has no ledger row or notification record: those just decided, and those that a
 * crashed worker left behind. Somebody else may be at the same; the claim settles who does it.
 */
export function openEffects(
  batch: LoadedBatch,
  committed: readonly { readonly document: DecidedConversation; readonly sends: readonly Send[] }[],
  steps?: Steps,
): Effects {
  const deliveries: Delivery[] = [];
  const escalations: Effects['escalations'][number][] = [];
  for (const { document, sends } of committed) {
    for (const effect of document.outbox) {
      if (batch.knowledge.settlements.has(effect.key)) continue;
      if (effect.kind === 'escalation') {
        escalations.push({ conversationId: document._id, campaignId: document.campaign_id, effect });
        continue;
      }
      deliveries.push(toDelivery(batch, document, effect, sends, steps?.place(document._id)));
    }
  }
  return { deliveries, escalations };
}

function toDelivery(
  batch: LoadedBatch,
  document: DecidedConversation,
  effect: MessageEffect,
  sends: readonly Send[],
  step: SpanPlace | undefined,
): Delivery {
  const content =
    sends.find((send) => send.effect.key === effect.key)?.content ??
    renderMessage(decideInput(batch, document), document as ConversationState, effect)?.content;
  if (!content) throw new MessageGoneError(effect.key);
  return {
    effect,
    content,
    conversationId: document._id,
    recipientId: document.recipient_id,
    recipient: batch.recipients.get(document.recipient_id) ?? null,
    campaign: batch.campaign,
    existing: null,
    step,
  };
}

/** Thrown when an outbox names a message that the template does not have: the conversation is at fault, and set aside. */
class MessageGoneError extends Error {
  override readonly name = 'MessageGoneError';

  constructor(key: string) {
    super(`The template has no message for '${key}'.`);
  }
}
