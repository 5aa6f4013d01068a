import { conversationOfKey } from '../engine/keys.js';
import type { InboxEvent } from '../engine/types.js';
import type { CampaignDocument, ConversationDocument, MessageDocument } from '../models/documents.js';
import type { ChannelName } from '../schemas/campaign.js';
import type { SuppressionReason } from '../schemas/suppression.js';
import { addEvent } from './add-event.js';
import { campaignTime } from './campaign-clock.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { childrenOf } from './prefix-range.js';
import { recipientAddress } from './recipient-address.js';
import { addSuppressions } from './suppressions.js';

/*
 * What follows when somebody wants no further messages. The suppression is written first: from then on no gate lets a
 * message to the address pass. Then every open conversation with the recipient on that channel is told. A process that
 * dies in between leaves a person who is not written to, and conversations that do not know why; whoever repeats the
 * call (the link, the provider, the sweep of replies) finishes the rest. Doing it again changes nothing.
 */

type OptOutReason = Extract<SuppressionReason, 'unsubscribe' | 'complaint' | 'stop' | 'manual'>;

/** Why, on whose word, and when (wall clock of MongoDB). */
interface Cause {
  readonly reason: OptOutReason;
  /** The key of a message, the id of a response. */
  readonly source: string;
  readonly at: number;
}

export interface OptOut extends Cause {
  readonly channel: ChannelName;
  readonly address: string;
  /** Without it the address is suppressed, and no conversation is told. */
  readonly recipientId?: string;
}

/**
 * Suppresses an address, and ends the open conversations of its recipient on that channel as `opted_out`.
 * Answers the conversations that have something in their inbox now: the caller adds their `advance` jobs.
 */
export async function optOut(store: Store, { channel, address, recipientId, ...cause }: OptOut): Promise<string[]> {
  await suppress(store, channel, [address], cause);
  return recipientId === undefined ? [] : tellConversations(store, channel, recipientId, cause);
}

/**
 * As `optOut`, of whom a message was sent to, whatever their address is by now; where the ledger has forgotten it
 * (docs/retention.md), the one that the recipient has by now. A message that left after the backup from which the
 * database was restored is not in the ledger: then it is the opt-out of its conversation. Null: nor is that there.
 */
export async function optOutOfMessage(
  store: Store,
  messageKey: string,
  cause: Omit<Cause, 'source'>,
): Promise<string[] | null> {
  const row = await addresseeOf(store, messageKey);
  if (!row) return optOutOfConversation(store, conversationOfKey(messageKey), { ...cause, source: messageKey });
  const { channel, to, recipient_id } = row;
  const address = to === '' ? await presentAddress(store, recipient_id, channel) : to;
  return optOut(store, { ...cause, channel, address, recipientId: recipient_id, source: messageKey });
}

/**
 * As `optOut`, of whom a conversation is with, on its campaign's channel: every address that it wrote to, and the one
 * that the recipient has by now. Null: there is no such conversation.
 */
export async function optOutOfConversation(
  store: Store,
  conversationId: string,
  cause: Cause,
): Promise<string[] | null> {
  const conversation = await driver(store.conversations).findOne(
    { _id: conversationId },
    { projection: { campaign_id: 1, recipient_id: 1 } },
  );
  const campaign = conversation && (await driver(store.campaigns).findOne({ _id: conversation.campaign_id }));
  if (!campaign) return null;
  const { recipient_id } = conversation;
  await suppress(
    store,
    campaign.channel,
    await addressesOf(store, conversationId, recipient_id, campaign.channel),
    cause,
  );
  return tellConversations(store, campaign.channel, recipient_id, cause);
}

/**
 * A permanent bounce of a message: its address is suppressed, and its conversation, if that is still open, ends as
 * undeliverable. `detail` is what the mail server said. Answers the conversations to wake; null: no such message.
 */
export async function noteBounce(
  store: Store,
  bounce: { readonly messageKey: string; readonly detail: string; readonly at: number },
): Promise<string[] | null> {
  const { messageKey: key, detail, at } = bounce;
  const row = await addresseeOf(store, key);
  if (!row) return null;
  await suppress(store, row.channel, [row.to], { reason: 'bounce', source: key, at });
  const campaign = await driver(store.campaigns).findOne({ _id: row.campaign_id });
  if (!campaign) return [];
  const event: InboxEvent = { id: `bounced:${key}`, type: 'bounced', at: campaignTime(campaign, at), key, detail };
  return (await isWaiting(store, row.conversation_id, event)) ? [row.conversation_id] : [];
}

async function suppress(
  store: Store,
  channel: ChannelName,
  addresses: readonly string[],
  { reason, source, at }: { readonly reason: SuppressionReason; readonly source: string; readonly at: number },
): Promise<void> {
  const createdAt = new Date(at);
  await addSuppressions(
    store,
    addresses.filter((address) => address !== '').map((address) => ({ channel, address, reason, source, createdAt })),
  );
}

type Addressee = Pick<MessageDocument, 'channel' | 'to' | 'recipient_id' | 'conversation_id' | 'campaign_id'>;

function addresseeOf(store: Store, messageKey: string): Promise<Addressee | null> {
  return driver(store.messages).findOne<Addressee>(
    { _id: messageKey },
    { projection: { channel: 1, to: 1, recipient_id: 1, conversation_id: 1, campaign_id: 1 } },
  );
}

async function addressesOf(
  store: Store,
  conversationId: string,
  recipientId: string,
  channel: ChannelName,
): Promise<string[]> {
  const [rows, present] = await Promise.all([
    driver(store.messages)
      .find({ _id: childrenOf(conversationId) })
      .project<Pick<MessageDocument, 'to' | 'channel'>>({ to: 1, channel: 1 })
      .toArray(),
    presentAddress(store, recipientId, channel),
  ]);
  return [...rows.filter((row) => row.channel === channel).map(({ to }) => to), present];
}

/** Empty where the recipient is gone, or has none on this channel. */
async function presentAddress(store: Store, recipientId: string, channel: ChannelName): Promise<string> {
  const recipient = await driver(store.recipients).findOne({ _id: recipientId });
  return (recipient && recipientAddress(channel, recipient)) || '';
}

async function tellConversations(
  store: Store,
  channel: ChannelName,
  recipientId: string,
  { reason, at }: Cause,
): Promise<string[]> {
  const open = await openConversations(store, recipientId);
  const campaigns = await campaignsOn(store, channel, open);
  const told: string[] = [];
  for (const { _id, campaign_id } of open) {
    const campaign = campaigns.get(campaign_id);
    if (!campaign) continue;
    // It ends the conversation, so that there is one for each channel at most.
    const event = {
      id: `opt_out:${channel}`,
      type: 'opt_out',
      at: campaignTime(campaign, at),
      detail: reason,
    } as const;
    if (await isWaiting(store, _id, event)) told.push(_id);
  }
  return told;
}

async function isWaiting(store: Store, conversationId: string, event: InboxEvent): Promise<boolean> {
  const added = await addEvent(store, conversationId, event);
  return added === 'added' || added === 'duplicate';
}

type Open = Pick<ConversationDocument, '_id' | 'campaign_id'>;

function openConversations(store: Store, recipientId: string): Promise<Open[]> {
  return driver(store.conversations)
    .find({ recipient_id: recipientId, status: { $ne: 'completed' } })
    .project<Open>({ campaign_id: 1 })
    .toArray();
}

type Clocked = Pick<CampaignDocument, '_id' | 'paused_ms' | 'paused_at'>;

async function campaignsOn(store: Store, channel: ChannelName, open: readonly Open[]): Promise<Map<string, Clocked>> {
  const ids = [...new Set(open.map(({ campaign_id }) => campaign_id))];
  const found = await driver(store.campaigns)
    .find({ _id: { $in: ids }, channel })
    .project<Clocked>({ paused_ms: 1, paused_at: 1 })
    .toArray();
  return new Map(found.map((campaign) => [campaign._id, campaign]));
}
