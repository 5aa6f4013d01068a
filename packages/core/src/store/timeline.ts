import type { ConversationDocument, StoredEvent } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** The whole history of a conversation, oldest first: what moved out, then what still rides in the document. */
export async function loadTimeline(store: Store, conversation: ConversationDocument): Promise<StoredEvent[]> {
  const spilled = await driver(store.conversationEvents).find({ conversation_id: conversation._id }).toArray();
  const recent = new Set(conversation.recent_events.map(({ v, n }) => `${v}/${n}`));
  const older = spilled
    .filter(({ v, n }) => !recent.has(`${v}/${n}`))
    .map(({ _id, conversation_id, ...event }) => event as StoredEvent);
  // What moved out after the document was read is younger than what the document holds.
  return [...older, ...conversation.recent_events].sort((a, b) => a.v - b.v || a.n - b.n);
}
