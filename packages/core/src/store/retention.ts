import type { CampaignDocument, ConversationDocument, MessageDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { childrenOf } from './prefix-range.js';
import { suppressionId } from './suppressions.js';
import { hasOpenRows } from './sweep-ledger.js';

/** Where the removal of one campaign's history stands: a list, and how far it came in it. */
export interface RemovalPlace {
  readonly list: number;
  readonly after: string;
}

/** Removes one page of a list behind `after`; answers the last id it saw, null at the list's end. */
type RemovePage = (store: Store, campaignId: string, after: string, limit: number) => Promise<string | null>;

/** What replies said stands in a conversation, too. Its stage, result and counts stay. */
const CONVERSATION_CONTENTS = { latest_response: null, response_fields: {}, context: {}, recent_events: [] };
const MESSAGE_CONTENTS = { subject: '', body: '' };
const RESPONSE_CONTENTS = { text: '', data: '', intent: '' };

/** Statuses of replies whose campaign is over. */
const SETTLED_RESPONSES = ['applied', 'late', 'unmatched'] as const;

const LISTS: readonly RemovePage[] = [
  removeEvents,
  emptyAudience,
  emptyConversations,
  emptyMessages,
  ...SETTLED_RESPONSES.map(emptyResponses),
];

/**
 * Campaigns that ended by `before` and still have their history, longest ended first, behind `after`. Not those of which
 * something is open yet: a conversation, or a message that an operator may want sent again.
 */
export async function campaignsToEmpty(
  store: Store,
  before: number,
  limit: number,
  after?: Pick<CampaignDocument, '_id' | 'ended_at'>,
): Promise<Pick<CampaignDocument, '_id' | 'ended_at'>[]> {
  return driver(store.campaigns)
    .find({ history_removed_at: null, ended_at: { $gt: after?.ended_at ?? 0, $lte: before } } as never)
    .project<Pick<CampaignDocument, '_id' | 'ended_at'>>({ ended_at: 1 })
    .sort({ ended_at: 1 })
    .limit(limit)
    .toArray();
}

/** Whether somebody may still need what was written: an open conversation, or a message without its last word. */
export async function needsItsHistory(store: Store, campaignId: string): Promise<boolean> {
  const open = { campaign_id: campaignId, status: { $in: ['active', 'blocked'] } };
  const conversation = await driver(store.conversations).findOne(open as never, { projection: { _id: 1 } });
  if (conversation) return true;
  const undecided = await driver(store.messages).findOne(
    { campaign_id: campaignId, status: 'unknown' },
    { projection: { _id: 1 } },
  );
  return undecided !== null || hasOpenRows(store, campaignId);
}

/**
 * Removes a page of what a campaign that is over leaves behind: history, and what messages and replies said. What counts
 * and what proves stays: conversations with stage and result, every key of the ledger with its status, replies with
 * theirs. Answers where to go on; null: that was all, and the campaign says so from now on.
 */
export async function removeHistory(
  store: Store,
  campaignId: string,
  { list, after }: RemovalPlace,
  limit: number,
  now: number,
): Promise<RemovalPlace | null> {
  const remove = LISTS[list];
  if (!remove) {
    await driver(store.campaigns).updateOne({ _id: campaignId }, { $set: { history_removed_at: now } });
    return null;
  }
  const last = await remove(store, campaignId, after, limit);
  return last === null ? { list: list + 1, after: '' } : { list, after: last };
}

async function removeEvents(store: Store, campaignId: string, _after: string, limit: number): Promise<string | null> {
  const events = driver(store.conversationEvents);
  const ids = await idsOf(events.find({ _id: childrenOf(campaignId) } as never), limit);
  if (ids.length === 0) return null;
  await events.deleteMany({ _id: { $in: ids } });
  return ids.at(-1) ?? null;
}

async function emptyAudience(store: Store, campaignId: string, after: string, limit: number) {
  const members = driver(store.audienceMembers);
  const ids = await idsOf(members.find({ _id: behind(campaignId, after) } as never), limit);
  if (ids.length === 0) return null;
  await members.updateMany({ _id: { $in: ids } }, { $set: { context: {} } });
  return ids.at(-1) ?? null;
}

async function emptyConversations(store: Store, campaignId: string, after: string, limit: number) {
  const conversations = driver(store.conversations);
  const ids = await idsOf(conversations.find({ _id: behind(campaignId, after) } as never), limit);
  if (ids.length === 0) return null;
  await conversations.updateMany(
    { _id: { $in: ids }, status: 'completed' },
    { $set: CONVERSATION_CONTENTS as Partial<ConversationDocument> },
  );
  return ids.at(-1) ?? null;
}

/**
 * An address that is on the list of suppressions stays in the rows that were sent to it: they are what leads from its
 * owner to it, and it cannot be erased or exported without them.
 */
async function emptyMessages(store: Store, campaignId: string, after: string, limit: number) {
  const messages = driver(store.messages);
  const rows = await messages
    .find({ _id: behind(campaignId, after) } as never)
    .project<Pick<MessageDocument, '_id' | 'channel' | 'to'>>({ channel: 1, to: 1 })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  if (rows.length === 0) return null;
  const suppressed: string[] = await driver(store.suppressions).distinct('_id', { _id: { $in: rows.map(addressee) } });
  const forgotten = rows.filter((row) => !suppressed.includes(addressee(row)));
  await messages.updateMany({ _id: { $in: idsIn(rows) } }, { $set: MESSAGE_CONTENTS });
  await messages.updateMany({ _id: { $in: idsIn(forgotten) } }, { $set: { to: '' } });
  return rows.at(-1)?._id ?? null;
}

function addressee({ channel, to }: Pick<MessageDocument, 'channel' | 'to'>): string {
  return suppressionId(channel, to);
}

function emptyResponses(status: (typeof SETTLED_RESPONSES)[number]): RemovePage {
  return async (store, campaignId, after, limit) => {
    const responses = driver(store.responses);
    const ids = await idsOf(responses.find({ campaign_id: campaignId, status, _id: { $gt: after } } as never), limit);
    if (ids.length === 0) return null;
    await responses.updateMany({ _id: { $in: ids } }, { $unset: RESPONSE_CONTENTS as never });
    return ids.at(-1) ?? null;
  };
}

/** The ids of a campaign's children behind one of them. */
function behind(campaignId: string, after: string): { $gt: string; $lt: string } {
  const { $gt, $lt } = childrenOf(campaignId);
  return { $gt: after === '' ? $gt : after, $lt };
}

interface Found {
  project(fields: object): { sort(by: object): { limit(n: number): { toArray(): Promise<unknown[]> } } };
}

async function idsOf(found: unknown, limit: number): Promise<string[]> {
  const cursor = (found as Found).project({ _id: 1 }).sort({ _id: 1 }).limit(limit);
  return idsIn((await cursor.toArray()) as { readonly _id: string }[]);
}

function idsIn(documents: readonly { readonly _id: string }[]): string[] {
  return documents.map(({ _id }) => _id);
}
