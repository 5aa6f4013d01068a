import type { RowOutcome } from '../ledger/events.js';
import { toMongo } from '../ledger/to-mongo.js';
import { transition } from '../ledger/transition.js';
import type { MessageDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { groupBy } from './group-by.js';

export type { RowOutcome };

/**
 * Records outcomes by compare-and-set on the fence, in one bulk: rows of one claim that ended alike are one write. A row
 * whose lease ran out meanwhile is `unknown`; the same fence may still record a late answer (design, section 6).
 */
export async function recordOutcomes(store: Store, outcomes: readonly RowOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await driver(store.messages).bulkWrite(groupBy(outcomes, likenessOf).map(toWrite) as never, { ordered: false });
}

function toWrite(group: readonly RowOutcome[]) {
  const [first] = group as [RowOutcome];
  const { filter, update } = toMongo(transition({ kind: 'recorded', outcome: first }));
  if (group.length === 1) return { updateOne: { filter: { _id: first.key, ...filter }, update } };
  return { updateMany: { filter: { _id: { $in: group.map(({ key }) => key) }, ...filter }, update } };
}

/** The same text for outcomes that differ in nothing but the key. */
function likenessOf({ key: _, ...rest }: RowOutcome): string {
  return JSON.stringify(rest);
}

export async function loadMessages(store: Store, keys: readonly string[]): Promise<MessageDocument[]> {
  return (await driver(store.messages)
    .find({ _id: { $in: [...keys] } })
    .toArray()) as MessageDocument[];
}
