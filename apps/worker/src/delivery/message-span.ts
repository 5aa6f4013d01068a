import type { Channel, Outcome } from '@campaign-manager/channels';
import type { MessageDocument } from '@campaign-manager/core/models';
import type { RowOutcome } from '@campaign-manager/core/store';
import { markFailed, type OpenSpan, openSpan, within } from '@campaign-manager/runtime';
import type { Delivery } from './delivery.js';

/*
 * The span of one message, `message.deliver`: from the queue of its channel to its record in the ledger. Chunks of many
 * messages, of several traces, go through the lanes together, so what is done to a chunk is an event in each of its spans.
 */

const FAILURES: ReadonlySet<Outcome['status']> = new Set(['deferred', 'rejected', 'unknown']);

/** Opens the span of a message under the step that decided it, or under the job that takes it up again. */
export function openMessageSpan(channel: Channel, delivery: Delivery): OpenSpan | undefined {
  const { effect, conversationId, campaign, step } = delivery;
  return openSpan('message.deliver', {
    ...(step && { under: step }),
    attributes: {
      'campaign.id': campaign._id,
      'conversation.id': conversationId,
      'message.key': effect.key,
      'message.channel': channel.name,
    },
  });
}

/** Sends within a span of its own: what the provider took, and what it answered. */
export async function sendInSpan(
  span: OpenSpan,
  channel: Channel,
  row: MessageDocument,
  send: () => Promise<Outcome>,
): Promise<Outcome> {
  const sending = openSpan(`${channel.name} send`, {
    kind: 'client',
    under: span.spanContext(),
    attributes: { 'message.channel': channel.name, 'message.attempt': row.attempt },
  });
  try {
    const outcome = await within(sending, send);
    sending?.setAttribute('message.outcome', outcome.status);
    if (FAILURES.has(outcome.status)) markFailed(sending, outcome.status);
    return outcome;
  } finally {
    sending?.end();
  }
}

/** Records what became of a message within its span, and what its conversation is told for it. */
export async function settleInSpan(
  span: OpenSpan,
  { status }: Pick<RowOutcome, 'status'>,
  settle: () => Promise<void>,
): Promise<void> {
  span.setAttribute('message.status', status);
  await within(span, settle);
  span.addEvent('recorded');
}
