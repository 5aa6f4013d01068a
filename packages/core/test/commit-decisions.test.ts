import { mongoCommand, startTcpProxy, type TcpProxy, testMongoUri, until } from '@campaign-manager/testkit';
import type { ConversationDocument } from '../src/models/index.js';
import {
  addEvent,
  commitDecisions,
  type DecisionToCommit,
  loadConversation,
  loadConversations,
  loadTimeline,
  type Store,
} from '../src/store/index.js';
import { addConversations, conversationOf, messageEffect } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;
let proxy: TcpProxy;

beforeAll(async () => {
  test = await openTestStore('commit');
  store = test.store;
  proxy = await startTcpProxy(testMongoUri());
});

afterAll(async () => {
  await test.close();
  await proxy.close();
});

/** A decision that moves the next action and leaves one line of history. */
function decision(seen: ConversationDocument, next_action_at: number, events = 1): DecisionToCommit {
  return {
    seen,
    state: { ...seen, next_action_at, outbox: [messageEffect(`${seen._id}/hello/1/0/0`)] },
    events: Array.from({ length: events }, () => ({
      at: next_action_at,
      type: 'sent' as const,
      stage: 'hello',
      visit: 1,
    })),
  };
}

async function conversations(campaign: string, count: number): Promise<readonly ConversationDocument[]> {
  return addConversations(
    store,
    Array.from({ length: count }, (_, i) => conversationOf(campaign, `r${i}`)),
  );
}

describe('of two deciders on one version', () => {
  it('exactly one wins, and the loser changes nothing', async () => {
    const seen = await conversations('race', 60);

    const [a, b] = await Promise.all([
      commitDecisions(
        store,
        seen.map((one) => decision(one, 5000)),
        'a',
      ),
      commitDecisions(
        store,
        seen.map((one) => decision(one, 6000)),
        'b',
      ),
    ]);

    expect(a.size + b.size).toBe(60);
    for (const stored of await loadConversations(
      store,
      seen.map(({ _id }) => _id),
    )) {
      const winner = a.has(stored._id) ? 'a' : 'b';
      expect(stored).toMatchObject({ version: 2, fence: winner, next_action_at: winner === 'a' ? 5000 : 6000 });
      const { recent_events, ...rest } = stored;
      expect(rest).toEqual((winner === 'a' ? a : b).get(stored._id));
      expect(recent_events).toHaveLength(2);
    }
  });

  it('the second to come loses alone, and the rest of its bulk is written', async () => {
    const seen = await conversations('short', 5);
    await store.conversations.collection.updateOne({ _id: 'short/r2' } as never, { $inc: { version: 1 } });

    const won = await commitDecisions(
      store,
      seen.map((one) => decision(one, 5000)),
      'short',
    );

    expect([...won.keys()]).toEqual(['short/r0', 'short/r1', 'short/r3', 'short/r4']);
    expect(await loadConversation(store, 'short/r2')).toMatchObject({ version: 2, fence: '', outbox: [] });
  });

  it('an event that arrives between load and commit makes the commit lose', async () => {
    const [seen] = (await conversations('event', 1)) as [ConversationDocument];
    await addEvent(store, seen._id, { id: 'reply', type: 'response', at: 2000 });

    const won = await commitDecisions(store, [decision(seen, 5000)], 'blind');

    expect(won.size).toBe(0);
    expect(await loadConversation(store, seen._id)).toMatchObject({ next_action_at: 0, inbox: [{ id: 'reply' }] });
  });
});

describe('when the answer to the write is lost', () => {
  it('the fence tells that it was done, and what was not ours', async () => {
    const seen = await conversations('lost', 4);
    await store.conversations.collection.updateOne({ _id: 'lost/r1' } as never, { $inc: { version: 1 } });
    const through = await test.connect(proxy.uri);

    const mishap = proxy.lose('answer', mongoCommand('update'));
    const won = await commitDecisions(
      through,
      seen.map((one) => decision(one, 5000)),
      'lost',
    );

    expect(mishap.happened()).toBe(true);
    expect([...won.keys()]).toEqual(['lost/r0', 'lost/r2', 'lost/r3']);
    expect(await loadConversation(store, 'lost/r0')).toMatchObject({ version: 2, fence: 'lost', next_action_at: 5000 });
  });

  it('a write that lands later than the look at the fence changes nothing: nobody would bring its effects about', async () => {
    const seen = await conversations('late', 3);
    const through = await test.connect(proxy.uri);

    const mishap = proxy.lose('request', mongoCommand('update'));
    await expect(
      commitDecisions(
        through,
        seen.map((one) => decision(one, 5000)),
        'late',
      ),
    ).rejects.toThrow();
    await mishap.deliver();

    for (const stored of await loadConversations(
      store,
      seen.map(({ _id }) => _id),
    )) {
      expect(stored).toMatchObject({ fence: '', next_action_at: 1000, outbox: [] });
    }
  });
});

it('a decision that MongoDB cannot take is an error, not a lost race', async () => {
  const [seen] = (await conversations('huge', 1)) as [ConversationDocument];
  const huge = { ...decision(seen, 5000), state: { ...seen, context: { text: 'x'.repeat(17 * 1024 * 1024) } } };

  await expect(commitDecisions(store, [huge], 'huge')).rejects.toThrow(/range|larger/i);
});

it('keeps dotted keys, dollar keys and empty objects of a context as they are', async () => {
  const context = { 'company.name': 'Acme', prices: { $list: 3, 'a.b': { c: {} } }, none: {} };
  const [seen] = (await addConversations(store, [conversationOf('keys', 'r', { context })])) as [ConversationDocument];

  await commitDecisions(store, [decision(seen, 5000)], 'keys');

  expect((await loadConversation(store, seen._id)).context).toEqual(context);
});

it('leaves fields alone that no decision knows of', async () => {
  const [seen] = (await addConversations(store, [conversationOf('others', 'r', { reply_id: 'abc' })])) as [
    ConversationDocument,
  ];

  await commitDecisions(store, [decision(seen, 5000)], 'others');

  expect(await loadConversation(store, seen._id)).toMatchObject({ version: 2, reply_id: 'abc' });
});

it('decisions that are written together are stored as if each were written by itself', async () => {
  const together = await conversations('together', 5);
  const singly = await conversations('singly', 5);
  const escalation = (id: string) => ({
    key: `${id}/hello/1`,
    action: 'notify',
    status: 'open' as const,
    opened_at: 7,
  });
  const decide = (seen: ConversationDocument): DecisionToCommit => {
    const plain = decision({ ...seen, result: 'failed', escalation: escalation('x/y') }, 5000, 2);
    const { result: _, ...state } = { ...plain.state, escalation: escalation(seen._id) };
    const events = plain.events.map((event) => ({ ...event, detail: { key: `${seen._id}/hello/1/0/0`, n: '$_id' } }));
    return { ...plain, state, events };
  };
  await store.conversations.collection.updateMany(
    { campaign_id: { $in: ['together', 'singly'] } },
    { $set: { result: 'failed', escalation: { ...escalation('x/y'), taken_by: 'olga' } } },
  );

  const won = await commitDecisions(store, together.map(decide), 'f');
  for (const seen of singly) await commitDecisions(store, [decide(seen)], 'f');

  expect(won.size).toBe(5);
  const strip = (stored: ConversationDocument[]) =>
    JSON.parse(JSON.stringify(stored.sort((a, b) => (a._id < b._id ? -1 : 1))).replaceAll(/together|singly/g, 'c'));
  const stored = await loadConversations(store, [...won.keys()]);
  expect(stored[3]).toMatchObject({ escalation: escalation(stored[3]?._id ?? ''), version: 2, fence: 'f' });
  expect(stored[3]).not.toHaveProperty('result');
  expect(strip(stored)).toEqual(
    strip(
      await loadConversations(
        store,
        singly.map(({ _id }) => _id),
      ),
    ),
  );
});

describe('history rides in the write', () => {
  it('and moves out of the document without loss or repetition, in order', async () => {
    await conversations('long', 1);
    const written: string[] = ['1/0'];
    for (let i = 0; i < 300; i += 1) {
      const seen = await loadConversation(store, 'long/r0');
      await commitDecisions(store, [decision(seen, 5000 + i, 1 + (i % 3))], `fence-${i}`);
      for (let n = 0; n <= i % 3; n += 1) written.push(`${seen.version + 1}/${n}`);
    }

    const conversation = await loadConversation(store, 'long/r0');
    const timeline = await loadTimeline(store, conversation);

    expect(timeline.map(({ v, n }) => `${v}/${n}`)).toEqual(written);
    expect(timeline.at(-1)).toEqual({ at: 5299, type: 'sent', stage: 'hello', visit: 1, v: 301, n: 2 });
    expect(conversation.recent_events.length).toBeLessThanOrEqual(90);
  });

  it('also when deciders race for the conversation whose history moves out', async () => {
    const recent_events = Array.from({ length: 90 }, (_, n) => ({
      at: 1000,
      type: 'sent' as const,
      stage: 'hello',
      visit: 1,
      v: 1,
      n,
    }));
    const seen = await addConversations(
      store,
      Array.from({ length: 20 }, (_, i) => conversationOf('crowd', `r${i}`, { recent_events })),
    );

    const wins = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        commitDecisions(
          store,
          seen.map((one) => decision(one, 5000)),
          `crowd-${i}`,
        ),
      ),
    );

    expect(wins.reduce((total, won) => total + won.size, 0)).toBe(20);
    const timeline = await loadTimeline(store, await loadConversation(store, 'crowd/r7'));
    expect(timeline.map(({ v, n }) => `${v}/${n}`)).toEqual([...recent_events.map(({ n }) => `1/${n}`), '2/0']);
  });

  it('and a timeline is in order even when history moved out after the document was read', async () => {
    await conversations('stale', 1);
    let stale: ConversationDocument | undefined;
    for (let i = 0; i < 200; i += 1) {
      const seen = await loadConversation(store, 'stale/r0');
      if (i === 60) stale = seen;
      await commitDecisions(store, [decision(seen, 5000 + i)], `stale-${i}`);
    }

    const timeline = await loadTimeline(store, stale as ConversationDocument);

    const versions = timeline.map(({ v }) => v);
    expect(versions).toEqual(versions.map((_, i) => i + 1));
    expect(versions.length).toBeGreaterThan(60);
  });
});

it('an operation fails within seconds while MongoDB is away', async () => {
  const away = await startTcpProxy(testMongoUri());
  const alone = await test.connect(away.uri);
  await away.close();
  await until(() => alone.connection.readyState !== 1, { describe: 'the connection is known to be lost' });

  await expect(loadConversations(alone, ['away/r0'])).rejects.toThrow(/ECONNREFUSED|connection/i);
});
