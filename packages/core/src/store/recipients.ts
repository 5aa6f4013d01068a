import type { RecipientDocument } from '../models/documents.js';
import type { Recipient } from '../schemas/recipient.js';
import type { Store } from './connect-store.js';
import { atOnce, driver } from './connect-store.js';

/** Stores recipients, replacing those that exist, in one bulk. Answers how many were new. */
export async function saveRecipients(store: Store, recipients: readonly Recipient[]): Promise<{ created: number }> {
  if (recipients.length === 0) return { created: 0 };
  const result = await driver(store.recipients).bulkWrite(
    recipients.map(({ _id, ...fields }) => ({
      replaceOne: { filter: { _id }, replacement: fields as RecipientDocument, upsert: true },
    })),
    { ordered: false },
  );
  return { created: result.upsertedCount };
}

export async function loadRecipients(store: Store, ids: readonly string[]): Promise<Map<string, RecipientDocument>> {
  const found = await driver(store.recipients)
    .find({ _id: { $in: [...ids] } }, atOnce(ids.length))
    .toArray();
  return new Map(found.map((recipient) => [recipient._id, recipient as RecipientDocument]));
}

/** Which of the ids no recipient has, in the order given. */
export async function missingRecipients(store: Store, ids: readonly string[]): Promise<string[]> {
  const found = await driver(store.recipients)
    .find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } })
    .toArray();
  const known = new Set(found.map(({ _id }) => _id));
  return ids.filter((id) => !known.has(id));
}
