import {
  clearTries,
  commitDecisions,
  countTry,
  findApiKey,
  insertSettledRows,
  listConversations,
  listMessages,
  loadConversation,
  loadRecipients,
  missingRecipients,
  type Store,
  saveApiKey,
  saveRecipients,
} from '../src/store/index.js';
import { addConversations, conversationOf, rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('lists');
  store = test.store;
});

afterAll(() => test.close());

describe('lists', () => {
  beforeAll(async () => {
    await addConversations(
      store,
      ['c', 'c-2', 'c.2'].flatMap((campaign) => [
        conversationOf(campaign, 'a'),
        conversationOf(campaign, 'b', { status: 'blocked' }),
        conversationOf(campaign, 'd', { current_stage: 'offer' }),
        conversationOf(campaign, 'e', { current_stage: 'offer', status: 'blocked' }),
      ]),
    );
    const keys = ['c/a/hello/1/0/0', 'c/a/hello/1/0/1', 'c/a2/hello/1/0/0', 'c-2/a/hello/1/0/0'];
    await insertSettledRows(
      store,
      keys.map((key, i) => rowOf(key, { status: i % 2 === 0 ? 'sent' : 'unknown' })),
    );
  });

  it.each([
    ['all', {}, ['a', 'b', 'd', 'e']],
    ['a status', { status: 'blocked' }, ['b', 'e']],
    ['a stage', { stage: 'offer' }, ['d', 'e']],
    ['both', { status: 'blocked', stage: 'offer' }, ['e']],
  ] as const)('of conversations hold those of their campaign: %s', async (_, filter, expected) => {
    const found: string[] = [];
    for (let after = ''; ; ) {
      const [one] = await listConversations(store, 'c', filter, after, 1);
      if (!one) break;
      found.push(one.recipient_id);
      after = one._id;
    }
    expect(found).toEqual(expected);
  });

  it.each([
    ['a campaign', { campaignId: 'c' }, undefined, ['c/a/hello/1/0/0', 'c/a/hello/1/0/1', 'c/a2/hello/1/0/0']],
    ['a conversation', { conversationId: 'c/a' }, undefined, ['c/a/hello/1/0/0', 'c/a/hello/1/0/1']],
    ['a campaign, by status', { campaignId: 'c' }, 'unknown', ['c/a/hello/1/0/1']],
    ['a conversation, by status', { conversationId: 'c/a' }, 'sent', ['c/a/hello/1/0/0']],
  ] as const)('of messages hold those of %s', async (_, parent, status, expected) => {
    const found = await listMessages(store, parent, status, '', 10);
    expect(found.map(({ _id }) => _id)).toEqual(expected);
    expect((await listMessages(store, parent, status, expected[0], 10)).map(({ _id }) => _id)).toEqual(
      expected.slice(1),
    );
  });
});

describe('tries without a decision', () => {
  it('are counted one by one, however many workers fail at once, and leave the version alone', async () => {
    await addConversations(store, [conversationOf('tries', 'r')]);

    const counts = await Promise.all(Array.from({ length: 10 }, () => countTry(store, 'tries/r')));

    expect([...counts].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await loadConversation(store, 'tries/r')).toMatchObject({ version: 1, tries: 10 });
    expect(await countTry(store, 'no/body')).toBe(0);
  });

  it.each(['a decision', 'an operator'])('are forgotten by %s', async (by) => {
    const id = `forget/${by.replace(' ', '-')}`;
    await addConversations(store, [conversationOf('forget', by.replace(' ', '-'))]);
    await countTry(store, id);
    const seen = await loadConversation(store, id);

    if (by === 'a decision') await commitDecisions(store, [{ seen, state: seen, events: [] }], 'f');
    else await clearTries(store, id);

    expect(await loadConversation(store, id)).toMatchObject({ tries: 0 });
  });
});

describe('recipients', () => {
  it('are replaced as a whole, and those that are new are counted', async () => {
    expect(await saveRecipients(store, [{ _id: 'a', first_name: 'Ada', city: 'Bonn' }, { _id: 'b' }] as never)).toEqual(
      { created: 2 },
    );
    expect(await saveRecipients(store, [{ _id: 'a', first_name: 'Ada' }, { _id: 'c' }] as never)).toEqual({
      created: 1,
    });

    expect((await loadRecipients(store, ['a', 'x'])).get('a')).toEqual({ _id: 'a', first_name: 'Ada' });
    expect(await missingRecipients(store, ['z', 'a', 'y', 'b'])).toEqual(['z', 'y']);
  });

  it('are taken from many imports at once', async () => {
    const all = Array.from({ length: 50 }, (_, i) => ({ _id: `many${i}` }));
    const created = await Promise.all(Array.from({ length: 8 }, () => saveRecipients(store, all as never)));
    expect(created.reduce((total, one) => total + one.created, 0)).toBe(50);
  });
});

it('an API key is found by itself, is not stored, and keeps its first scopes', async () => {
  await saveApiKey(store, 'secret-key', 'first', ['read'], new Date(0));
  await saveApiKey(store, 'secret-key', 'second', ['admin'], new Date(1));

  expect(await findApiKey(store, 'secret-key')).toMatchObject({ name: 'first', scopes: ['read'] });
  expect(await findApiKey(store, 'secret-key ')).toBeNull();
  expect(JSON.stringify(await store.apiKeys.find().lean())).not.toContain('secret-key');
});
