import { toMongo } from '../ledger/to-mongo.js';
import { transition } from '../ledger/transition.js';
import type { MessageDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/**
 * Counts that the next attempt of a row begins, before anything of it is done: a message that kills its worker on the
 * way to the claim leaves no other trace. After too many it is `quarantined`: `unknown`, and its conversation has to be
 * told. `gone` where the row is not what was seen any more. `random` is from 0 to 1.
 */
export async function startRetry(
  store: Store,
  row: MessageDocument,
  now: number,
  random: number,
): Promise<'started' | 'quarantined' | 'gone'> {
  const change = transition({ kind: 'retry_started', row, now, random });
  const { filter, update } = toMongo(change);
  const result = await driver(store.messages).updateOne({ _id: row._id, ...filter }, update as never);
  if (result.modifiedCount === 0) return 'gone';
  return change.write.set.status === 'unknown' ? 'quarantined' : 'started';
}

/** The attempt failed before the claim, but its worker lives: the starts count anew. */
export async function surviveRetry(store: Store, key: string): Promise<void> {
  const { filter, update } = toMongo(transition({ kind: 'retry_survived' }));
  await driver(store.messages).updateOne({ _id: key, ...filter }, update as never);
}
