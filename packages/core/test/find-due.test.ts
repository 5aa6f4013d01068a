import type { ConversationDocument } from '../src/models/index.js';
import { addEvent, type DueConversation, findDue, openConversationIds, type Store } from '../src/store/index.js';
import { addConversations, conversationOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('find-due');
  store = test.store;
});

afterEach(() => store.conversations.deleteMany({}));
afterAll(() => test.close());

const due = (recipient: string, next_action_at: number, more: Partial<ConversationDocument> = {}) =>
  conversationOf('c', recipient, { next_action_at, ...more });

/** Reads to the end as the scheduler does; `between` happens after every page. */
async function readAll(until: number, limit: number, between: (page: readonly DueConversation[]) => Promise<void>) {
  const found: DueConversation[] = [];
  for (let last: DueConversation | undefined; ; ) {
    const page = await findDue(store, 'c', until, limit, last);
    found.push(...page);
    last = page.at(-1);
    if (page.length < limit) return found;
    await between(page);
  }
}

const nothing = async () => {};

it('finds open conversations of one campaign that are due, oldest first', async () => {
  await addConversations(store, [
    due('late', 2000),
    due('b', 1000),
    due('a', 1000),
    due('at-once', 0),
    due('blocked', 1500, { status: 'blocked' }),
    due('over', 1000, { status: 'completed' }),
    due('ahead', 2001),
    conversationOf('other', 'r', { next_action_at: 1 }),
  ]);

  expect(await findDue(store, 'c', 2000, 10)).toEqual([
    { _id: 'c/at-once', version: 1, next_action_at: 0, inbox: [] },
    { _id: 'c/a', version: 1, next_action_at: 1000, inbox: [] },
    { _id: 'c/b', version: 1, next_action_at: 1000, inbox: [] },
    { _id: 'c/blocked', version: 1, next_action_at: 1500, inbox: [] },
    { _id: 'c/late', version: 1, next_action_at: 2000, inbox: [] },
  ]);
});

it.each([1, 2, 3, 7, 100])(
  'pages of %i join without a gap or a repetition, also where many are due at once',
  async (limit) => {
    const instants = [0, 0, 0, 5, 5, 5, 5, 5, 5, 6, 7.25, 7.25, 7.5, 90];
    const all = instants.map((at, i) => due(`r${String(i).padStart(2, '0')}`, at));
    await addConversations(store, [...all].reverse());

    const found = await readAll(80, limit, nothing);

    expect(found.map(({ _id }) => _id)).toEqual(all.slice(0, -1).map(({ _id }) => _id));
  },
);

it('what does not change is found once, whatever else changes between the pages', async () => {
  const still = Array.from({ length: 60 }, (_, i) => due(`still${i}`, 1000 + (i % 7)));
  const moving = Array.from({ length: 60 }, (_, i) => due(`moving${i}`, 1000 + (i % 7)));
  await addConversations(store, [...still, ...moving]);
  let i = 0;

  const found = await readAll(2000, 10, async () => {
    const [back, ahead, over] = [`c/moving${i}`, `c/moving${i + 20}`, `c/moving${i + 40}`];
    i += 1;
    await addEvent(store, back, { id: 'e', type: 'response', at: 1 });
    await store.conversations.updateOne({ _id: ahead }, { $set: { next_action_at: 1500 + i } });
    await store.conversations.updateOne({ _id: over }, { $set: { status: 'completed' } });
  });

  const counts = new Map<string, number>();
  for (const { _id } of found) counts.set(_id, (counts.get(_id) ?? 0) + 1);
  for (const { _id } of still) expect(counts.get(_id)).toBe(1);
});

it('finds what an event has made due at once, at the head of the next look', async () => {
  await addConversations(store, [due('a', 10), due('far', 9e15)]);
  await addEvent(store, 'c/far', { id: 'e', type: 'response', at: 1 });

  expect((await findDue(store, 'c', 100, 10)).map(({ _id }) => _id)).toEqual(['c/far', 'c/a']);
});

it('open conversations are found whenever they are due', async () => {
  await addConversations(store, [
    due('a', 9e15),
    due('b', 1, { status: 'blocked' }),
    due('over', 1, { status: 'completed' }),
  ]);

  expect((await openConversationIds(store, 'c', 10)).sort()).toEqual(['c/a', 'c/b']);
  expect(await openConversationIds(store, 'c', 1)).toHaveLength(1);
  expect(await openConversationIds(store, 'none', 1)).toEqual([]);
});
