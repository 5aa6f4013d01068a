import type { InboxEvent } from '../engine/types.js';
import type { ConversationDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** How many events can wait in one inbox (design, section 3). */
export const INBOX_LIMIT = 100;

/** `full` means: try again when the conversation has been decided. */
export type Added = 'added' | 'duplicate' | 'completed' | 'full' | 'missing';

/**
 * Puts an event into a conversation's inbox, once, and makes the conversation due at once: one atomic update. Any
 * decision that was under way loses its compare-and-set and is taken again with the event in view.
 * An opt-out finds room in a full inbox as well: nobody's word that they want no more is turned away.
 */
export async function addEvent(store: Store, conversationId: string, event: InboxEvent): Promise<Added> {
  const result = await driver(store.conversations).updateOne(
    {
      _id: conversationId,
      status: { $ne: 'completed' },
      'inbox.id': { $ne: event.id },
      applied_event_ids: { $ne: event.id },
      ...(event.type !== 'opt_out' && { [`inbox.${INBOX_LIMIT - 1}`]: { $exists: false } }),
    } as never,
    { $push: { inbox: event }, $inc: { version: 1 }, $set: { next_action_at: 0 } } as never,
  );
  if (result.matchedCount === 1) return 'added';
  return whyNot(
    await driver(store.conversations).findOne(
      { _id: conversationId },
      { projection: { status: 1, 'inbox.id': 1, applied_event_ids: 1 } },
    ),
    event.id,
  );
}

function whyNot(
  conversation: Pick<ConversationDocument, 'status' | 'inbox' | 'applied_event_ids'> | null,
  id: string,
): Added {
  if (!conversation) return 'missing';
  const known = conversation.applied_event_ids.includes(id) || conversation.inbox.some((event) => event.id === id);
  if (known) return 'duplicate';
  return conversation.status === 'completed' ? 'completed' : 'full';
}
