import type { RowOutcome } from '../ledger/events.js';
import { toMongo } from '../ledger/to-mongo.js';
import { transition } from '../ledger/transition.js';
import type { MessageDocument } from '../models/documents.js';
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

export async function loadMessages(store: Store, keys: readonly string[]): Promise<MessageDocument[]> {
  return (await driver(store.messages)
    .find({ _id: { $in: [...keys] } })
    .toArray()) as MessageDocument[];
}
