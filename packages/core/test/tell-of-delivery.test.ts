import {
  addEvent,
  insertSettledRows,
  loadConversation,
  loadMessages,
  recordOutcomes,
  type Store,
  tellOfDelivery,
  untoldOutcomes,
} from '../src/store/index.js';
import { addCampaign, addConversations, conversationOf, rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;
let people = 0;

beforeAll(async () => {
  test = await openTestStore('tell');
  store = test.store;
  await addCampaign(store, 'c');
});

afterEach(() => store.messages.collection.deleteMany({}));
afterAll(() => test.close());

/** A conversation with a row that failed at 4000 and that it has not been told of. */
async function failed(): Promise<{ readonly id: string; readonly key: string }> {
  const conversation = conversationOf('c', `p${people++}`);
  await addConversations(store, [conversation]);
  const key = `${conversation._id}/hello/1/0/0`;
  await insertSettledRows(store, [rowOf(key, { fence: 'mine' })]);
  const attempt = { n: 1, at: 4000, outcome: 'rejected' };
  await recordOutcomes(store, [{ key, fence: 'mine', status: 'failed', attempt }]);
  return { id: conversation._id, key };
}

const row = async (key: string) => (await loadMessages(store, [key]))[0];
const untold = async (before: number) => (await untoldOutcomes(store, before, 10)).map(({ _id }) => _id);

it('what a conversation has to be told of is found until it has been told, and it is told once', async () => {
  const { id, key } = await failed();
  expect(await untold(3999)).toEqual([]);
  expect(await untold(4000)).toEqual([key]);

  const [found] = await untoldOutcomes(store, 4000, 10);
  if (!found) throw new Error('It was found before.');
  expect(await tellOfDelivery(store, found, found.status, 5000)).toBe('added');
  expect(await tellOfDelivery(store, found, found.status, 5000)).toBe('duplicate');

  expect(await untold(9000)).toEqual([]);
  expect(await row(key)).not.toHaveProperty('tell');
  expect(await loadConversation(store, id)).toMatchObject({ next_action_at: 0, inbox: [{ type: 'delivery', key }] });
});

it('what happened to the row since has a mark of its own', async () => {
  const { key } = await failed();
  await store.messages.collection.updateOne({ _id: key as never }, { $set: { status: 'unknown' } });
  const [found] = await untoldOutcomes(store, 4000, 10);
  if (!found) throw new Error('It was found before.');
  const attempt = { n: 2, at: 4500, outcome: 'accepted' };
  await recordOutcomes(store, [{ key, fence: 'mine', status: 'sent', attempt }]);

  await tellOfDelivery(store, found, found.status, 5000);

  expect(await row(key)).toMatchObject({ status: 'sent', tell: true });
});

it('a conversation whose inbox is full is told later', async () => {
  const { id, key } = await failed();
  for (let i = 0; i < 100; i++) await addEvent(store, id, { id: `e${i}`, type: 'response', at: 1 });
  const [found] = await untoldOutcomes(store, 4000, 10);
  if (!found) throw new Error('It was found before.');

  expect(await tellOfDelivery(store, found, found.status, 5000)).toBe('full');
  expect(await untold(4000)).toEqual([key]);
});

it('a conversation that is completed need not be told', async () => {
  const { id, key } = await failed();
  await store.conversations.collection.updateOne({ _id: id as never }, { $set: { status: 'completed' } });
  const [found] = await untoldOutcomes(store, 4000, 10);
  if (!found) throw new Error('It was found before.');

  expect(await tellOfDelivery(store, found, found.status, 5000)).toBe('completed');
  expect(await row(key)).not.toHaveProperty('tell');
});

it('a first attempt that is accepted is nothing to tell of', async () => {
  const key = 'c/nobody/hello/1/0/0';
  await insertSettledRows(store, [rowOf(key, { fence: 'mine' })]);
  const attempt = { n: 1, at: 4000, outcome: 'accepted' };
  await recordOutcomes(store, [{ key, fence: 'mine', status: 'sent', attempt }]);

  expect(await untold(9000)).toEqual([]);
  expect(await row(key)).not.toHaveProperty('tell');
});
