import { type ReplicaSet, startReplicaSet } from '@campaign-manager/local-stack';
import { mongo } from 'mongoose';
import { connectStore, migrate, findDue, gate, type Store } from '../src/store/index.js';

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

  it('the look through the gate and the look for what is due go to the primary', async () => {
    const before = await readsOfSecondaries(set.uri);
    for (let i = 0; i < TIMES; i += 1) {
      const verdicts = await gate(store, 'email', { _id: 'c', revision: 1 }, [MESSAGE], Date.now);
      expect(verdicts.get(MESSAGE.key)).toBe('halt');
      expect(await findDue(store, 'c', Date.now(), 10)).toEqual([]);
    }
    expect(await readsOfSecondaries(set.uri)).toEqual(before);
  }, 60_000);

  it('which is our doing: a client that is left to the URI reads from secondaries', async () => {
    const before = await readsOfSecondaries(set.uri);
    const client = new mongo.MongoClient(uri);
    try {
      for (let i = 0; i < TIMES; i += 1) await client.db('preference').collection('campaigns').aggregate([]).toArray();
    } finally {
      await client.close();
    }
    expect((await readsOfSecondaries(set.uri)).aggregate).toBeGreaterThan(before.aggregate);
  }, 60_000);
});

/** Reads that the secondaries have answered so far: the replication between the members is not counted. */
async function readsOfSecondaries(seed: string) {
  let aggregate = 0;
  let find = 0;
  for (const host of hostsOf(seed)) {
    const client = new mongo.MongoClient(`mongodb://${host}/?directConnection=true&readPreference=secondaryPreferred`);
    try {
      const { isWritablePrimary } = await client.db('admin').command({ hello: 1 });
      if (isWritablePrimary) continue;
      const { metrics } = await client.db('admin').command({ serverStatus: 1 });
      aggregate += Number(metrics.commands.aggregate.total);
      const top = await client.db('admin').command({ top: 1 });
      find += Number(top['totals']['preference.conversation_states']?.queries.count ?? 0);
    } finally {
      await client.close();
    }
  }
  return { aggregate, find };
}

function hostsOf(seed: string): readonly string[] {
  return /^mongodb:\/\/([^/]+)/.exec(seed)?.[1]?.split(',') ?? [];
}
