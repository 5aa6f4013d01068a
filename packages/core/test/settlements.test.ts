import type { MessageDocument, RowStatus } from '../src/models/index.js';
import { insertSettledRows, loadSettlements, type Store } from '../src/store/index.js';
import { campaignOf, conversationOf, messageEffect, rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('settlements');
  store = test.store;
});

afterAll(() => test.close());

const campaign = campaignOf('c', { paused_ms: 500 });
const attempts = [
  { n: 1, at: 1, outcome: 'deferred', reason: 'greylisted' },
  { n: 2, at: 2, outcome: 'rejected', reason: 'no such user' },
];

it.each<[RowStatus, Partial<MessageDocument>, object]>([
  ['sending', { due_at: 9000 }, { outcome: 'open', until: 8500, on_the_wire: true }],
  ['retry', { due_at: 9000 }, { outcome: 'open', until: 8500, on_the_wire: false }],
  ['sent', { settled_at: 4000 }, { outcome: 'sent', at: 3500 }],
  ['unknown', { settled_at: 4000 }, { outcome: 'unknown', at: 3500 }],
  ['cancelled', { settled_at: 4000 }, { outcome: 'cancelled', at: 3500 }],
  ['abandoned', { settled_at: 4000 }, { outcome: 'abandoned', at: 3500 }],
  ['failed', { settled_at: 4000, attempts }, { outcome: 'failed', at: 3500, detail: 'no such user' }],
  ['suppressed', { settled_at: 4000 }, { outcome: 'suppressed', at: 3500, detail: 'suppressed' }],
])('a row that is %s is told to the engine in campaign time', async (status, more, settlement) => {
  const key = `c/${status}/hello/1/0/0`;
  await insertSettledRows(store, [rowOf(key, { status, ...more })]);

  const knowledge = await loadSettlements(store, campaign, [
    conversationOf('c', status, { outbox: [messageEffect(key), messageEffect(`${key}/r1`)] }),
  ]);

  expect(knowledge.settlements).toEqual(new Map([[key, settlement]]));
  expect(knowledge.unrecorded).toEqual(new Set([`${key}/r1`]));
});

it('a lease goes on by the wall clock while the campaign is paused', async () => {
  const key = 'p/r/hello/1/0/0';
  await insertSettledRows(store, [rowOf(key, { status: 'sending', due_at: 9000 })]);

  const paused = campaignOf('p', { status: 'paused', paused_at: 5000 });
  const { settlements } = await loadSettlements(store, paused, [
    conversationOf('p', 'r', { outbox: [messageEffect(key)] }),
  ]);

  expect(settlements.get(key)).toMatchObject({ outcome: 'open', until: 9000 });
});

it('an empty outbox asks for nothing', async () => {
  const { settlements, unrecorded } = await loadSettlements(store, campaign, [conversationOf('c', 'r')]);
  expect([settlements.size, unrecorded.size]).toEqual([0, 0]);
});
