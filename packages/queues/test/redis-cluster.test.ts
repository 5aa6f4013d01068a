import { type RedisCluster, startRedisCluster } from '@campaign-manager/local-stack';
import { testRedisUrl, until } from '@campaign-manager/testkit';
import {
  consume,
  createProducers,
  createRateLimit,
  ensureConnected,
  finished,
  handOut,
  outstanding,
  producerConnection,
  redisFault,
  workerConnection,
} from '../src/index.js';
import { commandOf } from './support/command-of.js';

const prefix = '{campaign}';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function connection({ uri }: RedisCluster) {
  const redis = producerConnection(uri, true);
  redis.on('error', () => undefined);
  closing.push(() => redis.disconnect());
  return redis;
}

describe('in a cluster of three masters', () => {
  let cluster: RedisCluster;

  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 60_000);

  afterAll(() => cluster.stop(), 60_000);

  it('marks, jobs, quota and tokens lie in one slot, and a consumer gets what was handed out', async () => {
    const redis = connection(cluster);
    await ensureConnected(redis);
    const producers = createProducers(redis, prefix);
    closing.push(() => producers.close());
    const now = Date.now();
    const items = Array.from({ length: 25 }, (_, i) => ({ id: `c/r${i}`, version: 1, dueAt: now }));
    const options = { campaignId: 'c', batchSize: 10, intervalMs: 60_000, now, prefix };

    const { handedOut, jobIds } = await handOut(producers, items, options);
    const again = await handOut(producers, items, options);
    expect([handedOut, again.handedOut, await outstanding(producers, prefix, 'c', 100)]).toEqual([25, 0, 3]);
    const limit = createRateLimit(redis, { prefix, name: 'email', perSecond: 1000 });
    expect(await limit.take(10, 1000)).toMatchObject({ granted: true });

    const seen: string[] = [];
    const consumer = consume(
      'conversations',
      { 'advance-batch': async ({ payload }) => void seen.push(...payload.conversation_ids), advance: async () => {} },
      {
        connection: workerConnection(cluster.uri, true),
        prefix,
        concurrency: 2,
        retryDelayMs: 100,
        onError: () => undefined,
      },
    );
    closing.push(() => consumer.close());
    await until(() => seen.length === 25, { describe: 'every batch is taken' });
    for (const id of jobIds) await finished(redis, prefix, 'c', id);

    expect(await outstanding(producers, prefix, 'c', 0)).toBe(0);
    const keys = await Promise.all(cluster.uris.map((uri) => commandOf(uri, 'DBSIZE')));
    expect(keys.filter((count) => count !== 0)).toHaveLength(2); // the master of the slot and its replica
  }, 60_000);

  it('a master that may evict jobs is a fault, whichever it is', async () => {
    const redis = connection(cluster);
    await ensureConnected(redis);
    expect(await redisFault(redis)).toBeNull();

    for (const uri of cluster.uris.slice(0, 3)) {
      await commandOf(uri, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      expect(await redisFault(redis)).toBe("maxmemory-policy is 'allkeys-lru', it must be 'noeviction'");
      await commandOf(uri, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    }
  }, 60_000);

  it('a connection that is not told so finds that fault', async () => {
    const [uri = ''] = cluster.uris;
    const redis = producerConnection(uri);
    closing.push(() => redis.disconnect());
    await ensureConnected(redis);

    expect(await redisFault(redis)).toBe('it is a node of a cluster, which needs REDIS_CLUSTER=true');
  });
});

it('a cluster that is not whole yet is away, and there when it is', async () => {
  const cluster = await startRedisCluster({ formed: false });
  closing.push(() => cluster.stop());
  const redis = connection(cluster);
  await expect(ensureConnected(redis)).rejects.toThrow();

  await cluster.form();
  await until(() => ensureConnected(redis).then(() => true), { describe: 'the cluster answers' });
  expect(await redis.set(`${prefix}:x`, '1')).toBe('OK');
}, 60_000);

it('a Redis that is no cluster says so to whoever takes it for one', async () => {
  const redis = producerConnection(testRedisUrl(), true);
  redis.on('error', () => undefined);
  closing.push(() => redis.disconnect());

  await expect(ensureConnected(redis)).rejects.toThrow('cluster support disabled');
});
