import type { Store } from '../connect-store.js';
import { NotFoundError } from '../errors.js';
import { receiptsOf } from './receipts.js';
import { auditOf, namedByReplies, rowsOf, suppressionIdsOf, tracesOf } from './traces.js';

/** One document that says something of a recipient, as it is stored, and the collection that it is from. */
export interface ExportedTrace {
  readonly collection: string;
  readonly document: object;
}

/**
 * Everything that is stored about a recipient, collection by collection within each page of campaigns; read no faster
 * than it is taken.
 * @throws NotFoundError, before the first document, where nothing is stored.
 */
export async function exportRecipient(
  store: Store,
  recipientId: string,
): Promise<AsyncGenerator<ExportedTrace, void, void>> {
  const documents = everything(store, recipientId);
  const first = await documents.next();
  if (first.done) throw new NotFoundError('recipient', recipientId);
  return resume(first.value, documents);
}

async function* resume(first: ExportedTrace, rest: AsyncGenerator<ExportedTrace, void, void>) {
  yield first;
  yield* rest;
}

async function* everything(store: Store, recipientId: string): AsyncGenerator<ExportedTrace, void, void> {
  yield* found(store.recipients, { _id: recipientId });
  for await (const traces of tracesOf(store, recipientId)) {
    const ids = traces.conversations.map(({ _id }) => _id);
    yield* found(store.audienceMembers, { _id: { $in: traces.possible } });
    yield* found(store.responses, { conversation_id: { $in: namedByReplies(traces) } });
    if (ids.length === 0) continue;
    yield* found(store.conversations, { _id: { $in: ids } });
    yield* found(store.conversationEvents, { conversation_id: { $in: ids } });
    yield* found(store.messages, rowsOf(ids));
    yield* found(store.escalations, { conversation_id: { $in: ids } });
    yield* found(store.auditLog, auditOf(ids));
  }
  const suppressions = await suppressionIdsOf(store, recipientId);
  yield* found(store.suppressions, { _id: { $in: suppressions } });
  yield* found(store.auditLog, { $or: [{ target: { $in: suppressions } }, receiptsOf([recipientId])] });
}

async function* found(
  model: { readonly collection: Store['recipients']['collection'] },
  filter: object,
): AsyncGenerator<ExportedTrace, void, void> {
  const { collection } = model;
  for await (const document of collection.find(filter)) yield { collection: collection.collectionName, document };
}
