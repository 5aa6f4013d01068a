import type { EscalationEffect } from '../src/engine/index.js';
import {
  loadEscalation,
  loadSettlements,
  markNotified,
  recordEscalations,
  resolveEscalations,
  type Store,
  unnotifiedEscalations,
} from '../src/store/index.js';
import { addCampaign, conversationOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('escalations');
  store = test.store;
});

afterEach(() => store.escalations.deleteMany({}));
afterAll(() => test.close());

const effect = (visit: number): EscalationEffect => ({
  kind: 'escalation',
  key: `c/r/hello/${visit}`,
  stage: 'hello',
  visit,
  action: 'notify_manager',
  decided_at: 1000,
});
const record = (visit: number, at: number) =>
  recordEscalations(store, [{ conversationId: 'c/r', campaignId: 'c', effect: effect(visit) }], at);

it('an escalation is recorded once, however often and by however many', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, i) => record(1, 5000 + i)));
  const first = await loadEscalation(store, 'c/r/hello/1');
  await resolveEscalations(store, 'c/r', null, 6000);
  await record(1, 9000);

  expect(await loadEscalation(store, 'c/r/hello/1')).toEqual({ ...first, status: 'resolved', resolved_at: 6000 });
});

it('its record settles its effect', async () => {
  await record(1, 5000);
  const campaign = await addCampaign(store, 'c', { paused_ms: 500 });
  const outbox = [effect(1), effect(2)];

  const knowledge = await loadSettlements(store, campaign, [conversationOf('c', 'r', { outbox })]);

  expect(knowledge.settlements).toEqual(new Map([['c/r/hello/1', { outcome: 'sent', at: 4500 }]]));
  expect(knowledge.unrecorded).toEqual(new Set(['c/r/hello/2']));
});

it('humans who were not told are found out, once they have waited for too long', async () => {
  await record(1, 1000);
  await record(2, 2000);
  await record(3, 3000);
  await markNotified(store, 'c/r/hello/1', 1500);
  await markNotified(store, 'c/r/hello/1', 9999);

  expect((await unnotifiedEscalations(store, 2999, 10)).map(({ _id }) => _id)).toEqual(['c/r/hello/2']);
  expect((await loadEscalation(store, 'c/r/hello/1'))?.notified_at).toBe(1500);
});

it('resolving spares the one that is open in the conversation', async () => {
  await record(1, 1000);
  await record(2, 2000);

  expect(await resolveEscalations(store, 'c/r', 'c/r/hello/2', 3000)).toBe(1);
  expect(await resolveEscalations(store, 'c/r', 'c/r/hello/2', 4000)).toBe(0);
  expect(await loadEscalation(store, 'c/r/hello/1')).toMatchObject({ status: 'resolved', resolved_at: 3000 });
  expect(await loadEscalation(store, 'c/r/hello/2')).toMatchObject({ status: 'open' });
});
