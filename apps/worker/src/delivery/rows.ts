import type { Channel } from '@campaign-manager/channels';
import type { MessageDocument, RowStatus } from '@campaign-manager/core/models';
import type { DeliveryPolicy } from '@campaign-manager/core/schemas';
import type { Claim } from '@campaign-manager/core/store';
import type { Delivery } from './delivery.js';

/** Where a message goes, or why it cannot go anywhere. */
export type Destination =
  | { readonly kind: 'address'; readonly to: string }
  | { readonly kind: 'nowhere'; readonly status: 'failed' | 'suppressed'; readonly reason: string };

/** The recipient's address on a channel, unless consent was withdrawn. Pure. */
export function destination(channel: Channel, { recipient, existing }: Delivery): Destination {
  if (existing && existing.to !== '') return { kind: 'address', to: existing.to };
  if (!recipient) return { kind: 'nowhere', status: 'failed', reason: 'unknown_recipient' };
  const consent = recipient['consent'] as Readonly<Record<string, unknown>> | undefined;
  if (consent?.[channel.name] === false) return { kind: 'nowhere', status: 'suppressed', reason: 'no_consent' };
  const address = channel.addressOf(recipient);
  if ('missing' in address) return { kind: 'nowhere', status: 'failed', reason: address.missing };
  return { kind: 'address', to: address.to };
}

/** A claim of a row for one attempt. */
export function toClaim(
  channel: Channel,
  delivery: Delivery,
  to: string,
  claim: { readonly fence: string; readonly now: number; readonly leaseUntil: number },
): Claim {
  const { existing } = delivery;
  const common = { status: 'sending' as const, fence: claim.fence, due_at: claim.leaseUntil, claimed_at: claim.now };
  if (existing) {
    return { row: { ...existing, ...common, attempt: existing.attempt + 1 }, seenAttempt: existing.attempt };
  }
  return { row: { ...newRow(channel, delivery, to, claim.now), ...common, attempt: 1 }, seenAttempt: null };
}

/** A row that never goes to the wire now: settled at once, or waiting for the channel to come back. */
export function unsentRow(
  channel: Channel,
  delivery: Delivery,
  to: string,
  fate: {
    readonly status: Exclude<RowStatus, 'sending'>;
    readonly reason: string;
    readonly now: number;
    readonly dueAt?: number;
  },
): MessageDocument {
  const { status, reason, now, dueAt } = fate;
  return {
    ...newRow(channel, delivery, to, now),
    status,
    attempt: 0,
    fence: '',
    ...(dueAt === undefined ? { settled_at: now, tell: true } : { due_at: dueAt }),
    attempts: [{ n: 0, at: now, outcome: status, reason }],
  };
}

/** What becomes of a message when nobody knows: the campaign's own policy, else the channel's. */
export function policyOf(channel: Channel, { campaign }: Pick<Delivery, 'campaign'>): DeliveryPolicy {
  return campaign.delivery_policy ?? channel.defaultPolicy;
}

function newRow(channel: Channel, delivery: Delivery, to: string, now: number) {
  const { effect, content, conversationId, recipientId, campaign } = delivery;
  const { stage, visit, index, ordinal, follow_up, decided_at } = effect;
  return {
    _id: effect.key,
    campaign_id: campaign._id,
    conversation_id: conversationId,
    recipient_id: recipientId,
    stage,
    visit,
    index,
    ordinal,
    ...(follow_up !== undefined && { follow_up }),
    channel: channel.name,
    policy: policyOf(channel, delivery),
    to,
    subject: content.subject,
    body: content.body,
    decided_at,
    claimed_at: now,
    attempts: [],
  };
}
