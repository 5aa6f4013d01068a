import type { ConversationDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { atOnce, driver } from './connect-store.js';
import { SEEN_FIELDS, type SeenConversation } from './conversation-change.js';
import { NotFoundError } from './errors.js';
import { childrenOf } from './prefix-range.js';

export function loadConversations(store: Store, ids: readonly string[]): Promise<ConversationDocument[]> {
  return driver(store.conversations)
    .find({ _id: { $in: [...ids] } })
    .toArray() as Promise<ConversationDocument[]>;
}

/** Conversations as a decision needs them: without the texts of their history, however long it is. */
export function loadSeenConversations(store: Store, ids: readonly string[]): Promise<SeenConversation[]> {
  return driver(store.conversations)
    .find({ _id: { $in: [...ids] } }, atOnce(ids.length))
    .project<SeenConversation>(SEEN_FIELDS)
    .toArray();
}

/** @throws NotFoundError */
export async function loadConversation(store: Store, id: string): Promise<ConversationDocument> {
  const conversation = await driver(store.conversations).findOne({ _id: id });
  if (!conversation) throw new NotFoundError('conversation', id);
  return conversation as ConversationDocument;
}

export interface ConversationFilter {
  readonly status?: ConversationDocument['status'];
  readonly stage?: string;
}

/** A page of a campaign's conversations by id. */
export function listConversations(
  store: Store,
  campaignId: string,
  filter: ConversationFilter,
  after: string,
  limit: number,
): Promise<ConversationDocument[]> {
  return driver(store.conversations)
    .find({
      _id: { ...childrenOf(campaignId), ...(after !== '' && { $gt: after }) },
      ...(filter.status !== undefined && { campaign_id: campaignId, status: filter.status }),
      ...(filter.stage !== undefined && { current_stage: filter.stage }),
    })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray() as Promise<ConversationDocument[]>;
}

/** Counts a try that ended without a decision, so that a conversation that kills its workers is found. */
export async function countTry(store: Store, id: string): Promise<number> {
  const after = await driver(store.conversations).findOneAndUpdate(
    { _id: id },
    { $inc: { tries: 1 } },
    { returnDocument: 'after', projection: { tries: 1 } },
  );
  return after?.tries ?? 0;
}

/** A try did not fail because of the conversation: it does not count. */
export async function takeBackTry(store: Store, id: string): Promise<void> {
  await driver(store.conversations).updateOne({ _id: id, tries: { $gt: 0 } }, { $inc: { tries: -1 } });
}

/** A suspect conversation was decided after all. */
export async function clearTries(store: Store, id: string): Promise<void> {
  await driver(store.conversations).updateOne({ _id: id }, { $set: { tries: 0 } });
}
