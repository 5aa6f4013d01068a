import { type ReplicaSet, startReplicaSet } from '@campaign-manager/local-stack';
import { mongo } from 'mongoose';
import { connectStore, gate, migrate, type Store } from '../src/store/index.js';

const TIMES = 30;
const MESSAGE = { key: 'c/a/s/1/0/0', conversationId: 'c/a', suppressionId: 'email:a@example.test', recipientId: 'a' };

/** What a URI may ask for, and what our reads must not heed. */
const SECONDARIES = 'readPreference=secondaryPreferred';

describe('with a MONGODB_URI that prefers secondaries', () => {
  let set: ReplicaSet;
  let store: Store;
  let uri: string;

  beforeAll(async () => {
    set = await startReplicaSet();
    uri = `${set.uri}&${SECONDARIES}`;
    store = await connectStore({ uri, database: 'preference', poolSize: 5, maxIdleMs: 30_000, appName: 'test' });
    await migrate(store);
  }, 90_000);

  afterAll(async () => {
    await store?.close();
    await set.stop();
  }, 60_000);

  it('the look through the gate goes to the primary', async () => {
    const before = await askedOfSecondaries(set.uri);
    for (let i = 0; i < TIMES; i += 1) {
      const verdicts = await gate(store, 'email', { _id: 'c', revision: 1 }, [MESSAGE], Date.now);
      expect(verdicts.get(MESSAGE.key)).toBe('halt');
    }
    expect(await askedOfSecondaries(set.uri)).toBe(before);
  }, 60_000);

  it('which is our doing: a client that is left to the URI reads from secondaries', async () => {
    const before = await askedOfSecondaries(set.uri);
    const client = new mongo.MongoClient(uri);
    try {
      for (let i = 0; i < TIMES; i += 1) await client.db('preference').collection('campaigns').aggregate([]).toArray();
    } finally {
      await client.close();
    }
    expect(await askedOfSecondaries(set.uri)).toBeGreaterThan(before);
  }, 60_000);
});

/** Aggregations that the secondaries have answered so far; the members themselves ask each other for none. */
async function askedOfSecondaries(seed: string): Promise<number> {
  let asked = 0;
  for (const host of hostsOf(seed)) {
    const client = new mongo.MongoClient(`mongodb://${host}/?directConnection=true&${SECONDARIES}`);
    try {
      const { isWritablePrimary } = await client.db('admin').command({ hello: 1 });
      if (isWritablePrimary) continue;
      const { metrics } = await client.db('admin').command({ serverStatus: 1 });
      asked += Number(metrics.commands.aggregate.total);
    } finally {
      await client.close();
    }
  }
  return asked;
}

function hostsOf(seed: string): readonly string[] {
  return /^mongodb:\/\/([^/]+)/.exec(seed)?.[1]?.split(',') ?? [];
}
