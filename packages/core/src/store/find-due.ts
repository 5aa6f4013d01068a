import type { ConversationDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { atOnce, driver } from './connect-store.js';

/** What the scheduler needs to hand a conversation out. */
export type DueConversation = Pick<ConversationDocument, '_id' | 'version' | 'next_action_at'> & {
  /** When what waits arrived, in campaign time. */
  readonly inbox: readonly { readonly at: number }[];
};

const OPEN = { $in: ['active', 'blocked'] };

/**
 * Open conversations of one campaign that are due until `until` (campaign time), oldest first, by keyset: pass the last
 * one of a page to get the next. Served by the index `(campaign_id, next_action_at, _id)`.
 */
export function findDue(
  store: Store,
  campaignId: string,
  until: number,
  limit: number,
  after?: Pick<DueConversation, '_id' | 'next_action_at'>,
): Promise<DueConversation[]> {
  const keyset = after && {
    $or: [
      { next_action_at: { $gt: after.next_action_at } },
      { next_action_at: after.next_action_at, _id: { $gt: after._id } },
    ],
  };
  const from = after ? after.next_action_at : 0;
  return driver(store.conversations)
    .find(
      { campaign_id: campaignId, status: OPEN, next_action_at: { $gte: from, $lte: until }, ...keyset } as never,
      atOnce(limit),
    )
    .project<DueConversation>({ version: 1, next_action_at: 1, 'inbox.at': 1 })
    .sort({ next_action_at: 1, _id: 1 })
    .limit(limit)
    .toArray();
}

/** The next page of open conversations of a campaign, whenever they are due. */
export async function openConversationIds(store: Store, campaignId: string, limit: number): Promise<string[]> {
  const found = await driver(store.conversations)
    .find({ campaign_id: campaignId, status: OPEN } as never)
    .project<{ _id: string }>({ _id: 1 })
    .limit(limit)
    .toArray();
  return found.map(({ _id }) => _id);
}

/**
 * Open conversations without a time to look at them again: no decision leaves one, and no look at what is due finds it.
 */
export async function untimedConversations(store: Store, campaignId: string, limit: number): Promise<string[]> {
  const found = await driver(store.conversations)
    .find({ campaign_id: campaignId, status: OPEN, next_action_at: { $in: [null, Number.NaN] } } as never)
    .project<{ _id: string }>({ _id: 1 })
    .limit(limit)
    .toArray();
  return found.map(({ _id }) => _id);
}

/** Makes a conversation without a time due at once. False where it has one by now. */
export async function makeDue(store: Store, id: string): Promise<boolean> {
  const result = await driver(store.conversations).updateOne(
    { _id: id, next_action_at: { $in: [null, Number.NaN] } } as never,
    { $set: { next_action_at: 0 }, $inc: { version: 1 } } as never,
  );
  return result.modifiedCount === 1;
}
