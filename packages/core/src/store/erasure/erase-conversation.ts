import type { MessageEffect } from '../../engine/types.js';
import { toMongo } from '../../ledger/to-mongo.js';
import { transition } from '../../ledger/transition.js';
import type {
  CampaignDocument,
  ConversationDocument,
  ConversationEventDocument,
  MessageDocument,
} from '../../models/documents.js';
import { OPEN_ROW_STATUSES } from '../../models/documents.js';
import { campaignTime } from '../campaign-clock.js';
import { loadCampaign } from '../campaigns.js';
import { insertSettledRows } from '../claim-messages.js';
import type { Store } from '../connect-store.js';
import { driver } from '../connect-store.js';
import { childrenOf } from '../prefix-range.js';
import { conversationWithoutPerson, eventWithoutPerson } from './without-person.js';

export interface Ended {
  /** False where it was without its person already. */
  readonly changed: boolean;
  /** It was open, and is not any more. */
  readonly ended: boolean;
}

/**
 * Ends a conversation and takes everything personal out of it, in one write that is compared and set on the version: a
 * decision under way loses, as with every other change, and no worker has to run for it, nor its campaign. What was
 * decided and has no ledger row gets one first, settled and empty. Inserting a row is the lock, so that nobody can claim
 * it any more with the content that they hold. `now` is wall clock.
 */
export async function endWithoutPerson(store: Store, id: string, now: number): Promise<Ended> {
  for (;;) {
    const seen = (await driver(store.conversations).findOne({ _id: id })) as ConversationDocument | null;
    if (!seen || seen.erased_at !== undefined) return { changed: false, ended: false };
    const campaign = await loadCampaign(store, seen.campaign_id);
    await insertSettledRows(
      store,
      messagesOf(seen).map((effect) => withdrawnRow(effect, seen, campaign, now)),
    );
    const bare = conversationWithoutPerson(seen, campaignTime(campaign, now), now);
    const result = await driver(store.conversations).updateOne(
      { _id: id, version: seen.version },
      { $set: { ...bare, fence: '', tries: 0 }, $inc: { version: 1 } },
    );
    if (result.matchedCount === 1) return { changed: true, ended: seen.status !== 'completed' };
  }
}

function messagesOf({ outbox }: ConversationDocument): MessageEffect[] {
  return Array.isArray(outbox) ? outbox.filter((effect): effect is MessageEffect => effect.kind === 'message') : [];
}

function withdrawnRow(
  { key, stage, visit, index, ordinal, follow_up, decided_at }: MessageEffect,
  { _id, recipient_id }: ConversationDocument,
  campaign: CampaignDocument,
  now: number,
): MessageDocument {
  return {
    _id: key,
    campaign_id: campaign._id,
    conversation_id: _id,
    recipient_id,
    stage,
    visit,
    index,
    ordinal,
    ...(follow_up !== undefined && { follow_up }),
    channel: campaign.channel,
    policy: campaign.delivery_policy ?? 'at_most_once',
    to: '',
    subject: '',
    body: '',
    status: 'cancelled',
    attempt: 0,
    fence: '',
    decided_at,
    claimed_at: now,
    settled_at: now,
    attempts: [{ n: 0, at: now, outcome: 'cancelled' }],
  };
}

/** Withdraws what waits for another attempt; what is on the wire ends by itself. */
export async function withdrawRetries(store: Store, id: string, now: number): Promise<void> {
  for (const inDoubt of [false, true]) {
    const { filter, update } = toMongo(transition({ kind: 'campaign_closed', now, inDoubt }));
    await driver(store.messages).updateMany({ _id: childrenOf(id), ...filter } as never, update as never);
  }
}

/** Everything of a row that may name somebody, or leads to where somebody is named. */
const PERSONAL_ROW = [
  { to: { $ne: '' } },
  { subject: { $ne: '' } },
  { body: { $ne: '' } },
  { provider_id: { $exists: true } },
  { 'attempts.reason': { $exists: true } },
];

/**
 * Empties the settled rows of a conversation. Without its fence a row takes no late answer of a provider any more, which
 * might quote the address.
 */
export async function emptyRows(store: Store, id: string): Promise<number> {
  const result = await driver(store.messages).updateMany(
    { _id: childrenOf(id), status: { $nin: [...OPEN_ROW_STATUSES] }, $or: PERSONAL_ROW } as never,
    {
      $set: { to: '', subject: '', body: '', fence: '' },
      $unset: { provider_id: '', 'attempts.$[].reason': '' },
    } as never,
  );
  return result.modifiedCount;
}

const EVENTS = 500;

/** Takes what was said out of the history that has moved out of a conversation. */
export async function emptyHistory(store: Store, id: string): Promise<number> {
  let changed = 0;
  let batch: ConversationEventDocument[] = [];
  const write = async () => {
    if (batch.length === 0) return;
    const result = await driver(store.conversationEvents).bulkWrite(
      batch.map((event) => ({ replaceOne: { filter: { _id: event._id }, replacement: eventWithoutPerson(event) } })),
      { ordered: false },
    );
    changed += result.modifiedCount;
    batch = [];
  };
  for await (const event of driver(store.conversationEvents).find({ conversation_id: id })) {
    batch.push(event as ConversationEventDocument);
    if (batch.length >= EVENTS) await write();
  }
  await write();
  return changed;
}
