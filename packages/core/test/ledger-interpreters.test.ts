import fc from 'fast-check';
import type { mongo } from 'mongoose';
import { applyChange, type Change, toMongo, transition } from '../src/ledger/index.js';
import type { MessageDocument } from '../src/models/index.js';
import type { Store } from '../src/store/index.js';
import { anyChange, anyEvent, anyRow } from './support/arbitrary-ledger.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('interpreters');
  store = test.store;
});

afterAll(() => test.close());

interface Case {
  /** None: the row does not exist. */
  readonly row: MessageDocument | null;
  readonly change: Change;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  row: fc.option(anyRow, { freq: 9 }),
  change: fc.oneof(
    anyEvent.map((event) => transition(event)),
    anyChange,
  ),
});

const keyOf = (i: number) => `c/r${i}/hello/1/0/0`;

/** The rows after each change was made on its row by MongoDB. */
async function byMongo(cases: readonly Case[]): Promise<Map<string, MessageDocument>> {
  const messages = store.messages.collection;
  await messages.deleteMany({});
  const rows = cases.flatMap(({ row }, i) => (row ? [{ ...row, _id: keyOf(i) }] : []));
  if (rows.length > 0) await messages.insertMany(rows as never);
  const writes = cases.map(({ change }, i) => {
    if (change.kind === 'insert') return { insertOne: { document: { ...change.row, _id: keyOf(i) } } };
    const { filter, update } = toMongo(change);
    return { updateOne: { filter: { _id: keyOf(i), ...filter }, update } };
  });
  await messages.bulkWrite(writes as never, { ordered: false }).catch((error: mongo.MongoBulkWriteError) => {
    // Inserted before: the row stays as it is. Anything else is a change that MongoDB does not understand.
    expect([error.writeErrors].flat().filter(({ code }) => code !== 11000)).toEqual([]);
  });
  const found = (await messages.find({}).toArray()) as unknown as MessageDocument[];
  return new Map(found.map((row) => [row._id, row]));
}

/** The rows after each change was made in memory. */
function byHand(cases: readonly Case[]): Map<string, MessageDocument> {
  const rows = cases.flatMap(({ row, change }, i): MessageDocument[] => {
    const stored = row ? { ...row, _id: keyOf(i) } : undefined;
    const meant: Change = change.kind === 'insert' ? { ...change, row: { ...change.row, _id: keyOf(i) } } : change;
    const after = applyChange(stored, meant) ?? stored;
    return after ? [after] : [];
  });
  return new Map(rows.map((row) => [row._id, row]));
}

it('a change means the same to MongoDB as to a row in memory, for any row and any change', async () => {
  let applied = 0;
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyCase, { minLength: 100, maxLength: 200, size: 'max' }), async (cases) => {
      const expected = byHand(cases);
      expect(await byMongo(cases)).toEqual(expected);
      seen += cases.length;
      applied += cases.filter(
        ({ row }, i) => row && JSON.stringify({ ...row, _id: keyOf(i) }) !== JSON.stringify(expected.get(keyOf(i))),
      ).length;
    }),
    { numRuns: 20, endOnFailure: true },
  );
  // Neither all nor none of them apply: both sides of every guard were looked at.
  expect(applied / seen).toBeGreaterThan(0.05);
  expect(applied / seen).toBeLessThan(0.9);
});
