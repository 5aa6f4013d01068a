import type { Claim } from '../ledger/events.js';
import { toMongo } from '../ledger/to-mongo.js';
import { transition } from '../ledger/transition.js';
import type { MessageDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { isDuplicateKey } from './errors.js';

export type { Claim };

/**
 * Claims rows for sending, each key once. Inserting a row is the lock: of two workers with the same key one gets a duplicate key.
 * Answers the keys that are ours; a row with our own fence is ours, even when the answer to the write was lost.
 * A claim that cannot be confirmed throws, and sends nothing (design, section 6, step 2).
 */
export async function claimMessages(store: Store, claims: readonly Claim[], fence: string): Promise<Set<string>> {
  if (claims.length === 0) return new Set();
  const keys = claims.map(({ row }) => row._id);
  // Without an answer, once more: what has arrived meets its own fence, what has not is claimed now.
  const count = await write(store, claims).catch(() => write(store, claims));
  if (count === claims.length) return new Set(keys);
  const ours = await driver(store.messages)
    .find({ _id: { $in: keys }, fence })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  return new Set(ours.map(({ _id }) => _id));
}

/** How many rows were claimed; 0 where some were not, because somebody else (or an earlier try of ours) has them. */
async function write(store: Store, claims: readonly Claim[]): Promise<number> {
  try {
    const result = await driver(store.messages).bulkWrite(claims.map(toWrite), { ordered: false });
    return result.insertedCount + result.matchedCount;
  } catch (error) {
    if (isDuplicateKey(error)) return 0;
    throw error;
  }
}

function toWrite(claim: Claim) {
  const change = transition({ kind: 'claimed', ...claim });
  if (change.kind === 'insert') return { insertOne: { document: change.row } };
  const { filter, update } = toMongo(change);
  return { updateOne: { filter: { _id: claim.row._id, ...filter }, update } } as never;
}

/** Inserts rows that are settled without being sent, such as suppressed ones. Existing rows stay as they are. */
export async function insertSettledRows(store: Store, rows: readonly MessageDocument[]): Promise<void> {
  if (rows.length === 0) return;
  await driver(store.messages).bulkWrite(
    rows.map((row) => {
      const { _id, ...fields } = transition({ kind: 'entered', row }).row;
      return { updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true } };
    }),
    { ordered: false },
  );
}
