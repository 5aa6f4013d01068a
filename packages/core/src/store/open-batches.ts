import type { OpenBatchDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** States the intent to decide for these conversations, before anything is decided (design, section 5). */
export async function openBatch(store: Store, batch: OpenBatchDocument): Promise<void> {
  await driver(store.openBatches).insertOne(batch);
}

/** False where somebody else has adopted the batch: whoever held it must stop. */
export async function renewBatch(store: Store, id: string, leaseUntil: number): Promise<boolean> {
  const result = await driver(store.openBatches).updateOne({ _id: id }, { $set: { lease_until: leaseUntil } });
  return result.matchedCount === 1;
}

/** Every effect of the batch has its ledger row or its notification record. */
export async function closeBatch(store: Store, id: string): Promise<void> {
  await driver(store.openBatches).deleteOne({ _id: id });
}

/** One conversation of the batch has nothing left to be done: whoever adopts the batch next passes it over. */
export async function dropFromBatch(store: Store, id: string, conversationId: string): Promise<void> {
  await driver(store.openBatches).updateOne({ _id: id }, { $pull: { conversation_ids: conversationId } } as never);
}

/** Batches whose worker has not been heard of since their lease ran out. */
export function expiredBatches(store: Store, now: number, limit: number): Promise<OpenBatchDocument[]> {
  return driver(store.openBatches)
    .find({ lease_until: { $lte: now } })
    .sort({ lease_until: 1 })
    .limit(limit)
    .toArray() as Promise<OpenBatchDocument[]>;
}

export type AdoptedBatch = OpenBatchDocument & { readonly adoptions: number };

/**
 * Takes an expired batch over: only one can, because the batch goes on under a new id. The versions of its
 * conversations go up first, so that a worker that was only paused can commit nothing any more.
 * Null where it is not expired or was adopted by somebody else. The answer's `adoptions` counts this one.
 */
export async function adoptBatch(
  store: Store,
  id: string,
  now: number,
  successor: { readonly id: string; readonly leaseUntil: number },
): Promise<AdoptedBatch | null> {
  const batch = (await driver(store.openBatches).findOne({
    _id: id,
    lease_until: { $lte: now },
  })) as OpenBatchDocument | null;
  if (!batch) return null;
  await driver(store.conversations).updateMany(
    { _id: { $in: [...batch.conversation_ids] }, status: { $ne: 'completed' } },
    { $inc: { version: 1 } },
  );
  const adoptions = (batch.adoptions ?? 0) + 1;
  const adopted = { ...batch, _id: successor.id, lease_until: successor.leaseUntil, adoptions };
  await driver(store.openBatches).insertOne(adopted);
  const taken = await driver(store.openBatches).deleteOne({ _id: id, lease_until: batch.lease_until });
  if (taken.deletedCount === 1) return adopted;
  await closeBatch(store, adopted._id);
  return null;
}
