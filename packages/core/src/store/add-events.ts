import type { InboxEvent } from '../engine/types.js';
import type { ConversationDocument } from '../models/documents.js';
import { type Added, INBOX_FACTS, pushOnce, whyNot } from './add-event.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

export interface EventToAdd {
  readonly conversationId: string;
  readonly event: InboxEvent;
}

/** `there`: it waits in the inbox or was applied by now, whether it was this call that put it there or an earlier one. */
export type Placed = 'there' | Exclude<Added, 'added' | 'duplicate'>;

/**
 * As `addEvent`, of many conversations in one bulk. Each conversation at most once: the bulk has no order. Only where
 * some did not match is it looked up why. Answers in the order of `events`.
 * @throws what MongoDB said of any of them; others may be in their inboxes then, and adding all again changes nothing.
 */
export async function addEvents(store: Store, events: readonly EventToAdd[]): Promise<readonly Placed[]> {
  if (events.length === 0) return [];
  const updates = events.map(({ conversationId, event }) => ({ updateOne: pushOnce(conversationId, event) }));
  const { matchedCount } = await driver(store.conversations).bulkWrite(updates as never, { ordered: false });
  if (matchedCount === events.length) return events.map(() => 'there');
  const found = await inboxFacts(
    store,
    events.map(({ conversationId }) => conversationId),
  );
  return events.map(({ conversationId, event }) => placed(whyNot(found.get(conversationId) ?? null, event.id)));
}

type InboxFacts = Pick<ConversationDocument, '_id' | 'status' | 'inbox' | 'applied_event_ids' | 'erased_at'>;

async function inboxFacts(store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, InboxFacts>> {
  const found = await driver(store.conversations)
    .find({ _id: { $in: [...ids] } })
    .project<InboxFacts>(INBOX_FACTS)
    .toArray();
  return new Map(found.map((conversation) => [conversation._id, conversation]));
}

function placed(why: Exclude<Added, 'added'>): Placed {
  return why === 'duplicate' ? 'there' : why;
}
