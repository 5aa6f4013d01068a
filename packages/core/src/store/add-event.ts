import type { InboxEvent } from '../engine/types.js';
import type { ConversationDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** How many events can wait in one inbox (design, section 3). */
export const INBOX_LIMIT = 100;

/**
 * `full` means: try again when the conversation has been decided. `erased`: it is completed, and nothing that its
 * recipient says may be kept.
 */
export type Added = 'added' | 'duplicate' | 'completed' | 'erased' | 'full' | 'missing';

/**
 * Puts an event into a conversation's inbox, once, and makes the conversation due at once: one atomic update. Any
 * decision that was under way loses its compare-and-set and is taken again with the event in view.
 * An opt-out finds room in a full inbox as well: nobody's word that they want no more is turned away.
 */
export async function addEvent(store: Store, conversationId: string, event: InboxEvent): Promise<Added> {
  const { filter, update } = pushOnce(conversationId, event);
  const result = await driver(store.conversations).updateOne(filter as never, update as never);
  if (result.matchedCount === 1) return 'added';
  const found = await driver(store.conversations).findOne({ _id: conversationId }, { projection: INBOX_FACTS });
  return whyNot(found, event.id);
}

/** The atomic update that adds an event: it matches only where the event is not there yet, and has room. Pure. */
export function pushOnce(
  conversationId: string,
  event: InboxEvent,
): { readonly filter: object; readonly update: object } {
  return {
    filter: {
      _id: conversationId,
      status: { $ne: 'completed' },
      'inbox.id': { $ne: event.id },
      applied_event_ids: { $ne: event.id },
      ...(event.type !== 'opt_out' && { [`inbox.${INBOX_LIMIT - 1}`]: { $exists: false } }),
    },
    update: { $push: { inbox: event }, $inc: { version: 1 }, $set: { next_action_at: 0 } },
  };
}

/** What `whyNot` must know of a conversation. */
export const INBOX_FACTS = { status: 1, 'inbox.id': 1, applied_event_ids: 1, erased_at: 1 } as const;

/** Why the update did not match, from what the conversation looks like now. Pure. */
export function whyNot(
  conversation: Pick<ConversationDocument, 'status' | 'inbox' | 'applied_event_ids' | 'erased_at'> | null,
  id: string,
): Exclude<Added, 'added'> {
  if (!conversation) return 'missing';
  if (conversation.erased_at !== undefined) return 'erased';
  const known = conversation.applied_event_ids.includes(id) || conversation.inbox.some((event) => event.id === id);
  if (known) return 'duplicate';
  return conversation.status === 'completed' ? 'completed' : 'full';
}
