import type { Effect } from '../engine/types.js';
import type { ConversationDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { isDuplicateKey } from './errors.js';
import { openBatch } from './open-batches.js';

/** What is to be seen of an open conversation from outside. */
export type OpenConversation = Pick<
  ConversationDocument,
  '_id' | 'campaign_id' | 'version' | 'status' | 'next_action_at' | 'outbox'
>;

/** Open conversations of all campaigns, page by page, in the order of the index of due times. */
export async function openConversations(
  store: Store,
  limit: number,
  after?: OpenConversation,
): Promise<OpenConversation[]> {
  const index = { campaign_id: 1, next_action_at: 1, _id: 1 } as const;
  const cursor = driver(store.conversations)
    .find({ status: { $in: ['active', 'blocked'] } } as never)
    .project<OpenConversation>({ campaign_id: 1, version: 1, status: 1, next_action_at: 1, outbox: 1 })
    .sort(index)
    .hint(index)
    .limit(limit + 1); // the first is the last of the page before
  if (after) cursor.min({ campaign_id: after.campaign_id, next_action_at: after.next_action_at, _id: after._id });
  const page = await cursor.toArray();
  return page.filter(({ _id }) => _id !== after?._id).slice(0, limit);
}

/** Which of these effects have neither a ledger row nor a notification record. */
export async function unrecordedEffects(store: Store, effects: readonly Effect[]): Promise<Set<string>> {
  const [messages, escalations] = await Promise.all([
    existing(store.messages, keysOf(effects, 'message')),
    existing(store.escalations, keysOf(effects, 'escalation')),
  ]);
  return new Set(effects.map(({ key }) => key).filter((key) => !messages.has(key) && !escalations.has(key)));
}

function keysOf(effects: readonly Effect[], kind: Effect['kind']): string[] {
  return effects.filter((effect) => effect.kind === kind).map(({ key }) => key);
}

async function existing(model: Store['messages'] | Store['escalations'], keys: readonly string[]) {
  if (keys.length === 0) return new Set<string>();
  const found = await model.collection
    .find({ _id: { $in: [...keys] } } as never)
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  return new Set(found.map(({ _id }) => _id));
}

/** Which of these conversations an open batch names: somebody is at them, or will adopt them. */
export async function inOpenBatches(store: Store, ids: readonly string[]): Promise<Set<string>> {
  const batches = await driver(store.openBatches)
    .find({ lease_until: { $gte: 0 }, conversation_ids: { $in: [...ids] } })
    .project<{ conversation_ids: readonly string[] }>({ conversation_ids: 1 })
    .toArray();
  return new Set(batches.flatMap(({ conversation_ids }) => conversation_ids));
}

/**
 * States the intent again for a conversation whose effects nobody brings about, as a batch that may be adopted at once.
 * Its id is made of the version, so of several who find it one does it; false for the others.
 */
export async function reopenBatch(
  store: Store,
  { _id, campaign_id, version }: Pick<ConversationDocument, '_id' | 'campaign_id' | 'version'>,
  now: number,
): Promise<boolean> {
  try {
    await openBatch(store, {
      _id: `lost/${_id}/${version}`,
      campaign_id,
      conversation_ids: [_id],
      lease_until: now,
    });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
