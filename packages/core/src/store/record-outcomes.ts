import type { RowOutcome } from '../ledger/events.js';
import { toMongo } from '../ledger/to-mongo.js';
import { transition } from '../ledger/transition.js';
import type { Attempt, MessageDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

export type { RowOutcome };

/**
 * Records outcomes by compare-and-set on the fence, in one bulk. A row whose lease ran out meanwhile is `unknown`; the
 * same fence may still record a late answer (design, section 6).
 */
export async function recordOutcomes(store: Store, outcomes: readonly RowOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await driver(store.messages).bulkWrite(
    outcomes.map((outcome) => {
      const { filter, update } = toMongo(transition({ kind: 'recorded', outcome }));
      return { updateOne: { filter: { _id: outcome.key, ...filter }, update } };
    }) as never,
    { ordered: false },
  );
}

/**
 * An operator's word on a message nobody knows about: it arrived (`sent`), or it is given up (`abandoned`).
 * Answers false where the row is not `unknown` (any more).
 */
export async function settleUnknown(
  store: Store,
  key: string,
  status: 'sent' | 'abandoned',
  attempt: Attempt,
): Promise<boolean> {
  const { filter, update } = toMongo(transition({ kind: 'resolved', status, attempt }));
  const result = await driver(store.messages).updateOne({ _id: key, ...filter }, update as never);
  return result.matchedCount === 1;
}

export async function loadMessages(store: Store, keys: readonly string[]): Promise<MessageDocument[]> {
  return (await driver(store.messages)
    .find({ _id: { $in: [...keys] } })
    .toArray()) as MessageDocument[];
}
