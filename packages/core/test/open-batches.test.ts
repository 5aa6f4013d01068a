import type { OpenBatchDocument } from '../src/models/index.js';
import {
  adoptBatch,
  closeBatch,
  commitDecisions,
  dropFromBatch,
  expiredBatches,
  loadConversation,
  loadConversations,
  openBatch,
  renewBatch,
  type Store,
} from '../src/store/index.js';
import { addConversations, conversationOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('batches');
  store = test.store;
});

afterEach(() => Promise.all([store.openBatches.deleteMany({}), store.conversations.deleteMany({})]));
afterAll(() => test.close());

const batch = (id: string, lease_until = 1000, conversation_ids = ['c/a', 'c/b']): OpenBatchDocument => ({
  _id: id,
  campaign_id: 'c',
  conversation_ids,
  lease_until,
});

async function ids(): Promise<string[]> {
  return (await expiredBatches(store, Number.MAX_SAFE_INTEGER, 1000)).map(({ _id }) => _id).sort();
}

describe('an open batch', () => {
  it('is found when its lease has run out, longest first', async () => {
    for (const one of [batch('late', 900), batch('later', 1000), batch('held', 1001)]) await openBatch(store, one);

    expect((await expiredBatches(store, 1000, 10)).map(({ _id }) => _id)).toEqual(['late', 'later']);
    expect(await expiredBatches(store, 1000, 1)).toEqual([batch('late', 900)]);
  });

  it('is held as long as its worker renews it', async () => {
    await openBatch(store, batch('renewed'));

    expect(await renewBatch(store, 'renewed', 5000)).toBe(true);
    expect(await expiredBatches(store, 4999, 10)).toEqual([]);
    expect(await adoptBatch(store, 'renewed', 4999, { id: 'next', leaseUntil: 9000 })).toBeNull();
    expect(await ids()).toEqual(['renewed']);
  });

  it('is gone when it is closed, and closing again does no harm', async () => {
    await openBatch(store, batch('closed'));
    await closeBatch(store, 'closed');
    await closeBatch(store, 'closed');

    expect(await renewBatch(store, 'closed', 5000)).toBe(false);
    expect(await adoptBatch(store, 'closed', 9000, { id: 'next', leaseUntil: 9999 })).toBeNull();
    expect(await ids()).toEqual([]);
  });
});

describe('an expired batch', () => {
  it('says how often it was adopted, and by then holds only what is not finished', async () => {
    await openBatch(store, batch('left'));
    await adoptBatch(store, 'left', 1000, { id: 'second', leaseUntil: 2000 });
    await dropFromBatch(store, 'second', 'c/a');

    const adopted = await adoptBatch(store, 'second', 2000, { id: 'third', leaseUntil: 3000 });

    expect(adopted).toEqual({ ...batch('third', 3000, ['c/b']), adoptions: 2 });
  });

  it('is adopted by exactly one of many, under the successor’s name', async () => {
    await addConversations(store, [conversationOf('c', 'a'), conversationOf('c', 'b')]);
    await openBatch(store, batch('left'));

    const adopted = await Promise.all(
      Array.from({ length: 20 }, (_, i) => adoptBatch(store, 'left', 1000, { id: `next-${i}`, leaseUntil: 9000 })),
    );

    const owners = adopted.filter((one) => one !== null);
    expect(owners).toHaveLength(1);
    expect(owners[0]).toEqual({ ...batch(owners[0]?._id ?? '', 9000), adoptions: 1 });
    expect(await ids()).toEqual([owners[0]?._id]);
    expect(await renewBatch(store, 'left', 9000)).toBe(false);
  });

  it('fences its paused worker off: what that one decided before can be committed no more', async () => {
    const seen = await addConversations(store, [conversationOf('c', 'a'), conversationOf('c', 'b')]);
    await openBatch(store, batch('paused'));
    await adoptBatch(store, 'paused', 1000, { id: 'next', leaseUntil: 9000 });

    const won = await commitDecisions(
      store,
      seen.map((one) => ({ seen: one, state: { ...one, next_action_at: 1 }, events: [] })),
      'paused',
    );

    expect(won.size).toBe(0);
    expect((await loadConversations(store, ['c/a', 'c/b'])).map(({ version, fence }) => [version, fence])).toEqual([
      [2, ''],
      [2, ''],
    ]);
  });

  it('whose worker commits during the adoption belongs to one of the two, never to none', async () => {
    for (let round = 0; round < 30; round += 1) {
      const name = `round${round}`;
      const [seen] = await addConversations(store, [conversationOf(name, 'a')]);
      if (!seen) throw new TypeError('no conversation');
      await openBatch(store, batch(name, 1000, [seen._id]));

      const [won, adopted] = await Promise.all([
        commitDecisions(store, [{ seen, state: { ...seen, next_action_at: 7 }, events: [] }], name),
        adoptBatch(store, name, 1000, { id: `${name}-next`, leaseUntil: 9000 }),
      ]);

      const { version, next_action_at } = await loadConversation(store, seen._id);
      expect(adopted).not.toBeNull();
      expect([version, next_action_at]).toEqual(won.size === 1 ? [3, 7] : [2, 1000]);
    }
  });

  it('leaves conversations alone that are over', async () => {
    await addConversations(store, [conversationOf('c', 'a', { status: 'completed' }), conversationOf('c', 'b')]);
    await openBatch(store, batch('over'));
    await adoptBatch(store, 'over', 1000, { id: 'next', leaseUntil: 9000 });

    expect(await loadConversation(store, 'c/a')).toMatchObject({ version: 1 });
    expect(await loadConversation(store, 'c/b')).toMatchObject({ version: 2 });
  });

  it('that its worker renews at the last moment is either adopted or goes on, and exists once', async () => {
    for (let round = 0; round < 30; round += 1) {
      await openBatch(store, batch(`r${round}`));
      const [renewed, adopted] = await Promise.all([
        renewBatch(store, `r${round}`, 5000),
        adoptBatch(store, `r${round}`, 1000, { id: `r${round}-next`, leaseUntil: 9000 }),
      ]);

      const left = (await ids()).filter((id) => id === `r${round}` || id === `r${round}-next`);
      expect(left).toEqual([adopted === null ? `r${round}` : `r${round}-next`]);
      if (adopted === null) expect(renewed).toBe(true);
    }
  });
});
