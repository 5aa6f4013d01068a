import { once } from 'node:events';
import { Cluster, Redis } from 'ioredis';
import { type ClusterArguments, createWorkerCluster } from './worker-cluster.js';

/** A connection to one Redis, or to a cluster of them: both take the same commands. */
export type RedisClient = Redis | Cluster;

const CONNECT_TIMEOUT_MS = 5000;
/**
 * Without an answer for so long, a connection is begun anew: its server may be gone without a word, as a machine that lost
 * its power, and the operating system would wait for a quarter of an hour. A worker's connection may wait for a job, which
 * BullMQ lets it do for 10 s at most.
 */
const ANSWER_TIMEOUT_MS = { producer: 10_000, worker: 15_000 };

/**
 * A connection for producers: fails soon where Redis is away, so that the caller decides what that means. Nobody loses
 * anything by it: every job can be derived from MongoDB again. In a cluster a command whose master is lost waits about
 * two seconds for a replica that takes its place.
 */
export function producerConnection(url: string, cluster = false): RedisClient {
  const node = nodeOptions(1, ANSWER_TIMEOUT_MS.producer);
  const own = { enableOfflineQueue: false, lazyConnect: true };
  return cluster ? new Cluster(...clusterArguments(url, node, own)) : new Redis(url, { ...node, ...own });
}

/** A connection for workers: waits for Redis as long as it takes (BullMQ asks for `maxRetriesPerRequest: null`). */
export function workerConnection(url: string, cluster = false): RedisClient {
  const node = nodeOptions(null, ANSWER_TIMEOUT_MS.worker);
  const own = { lazyConnect: true };
  return cluster ? createWorkerCluster(...clusterArguments(url, node, own)) : new Redis(url, { ...node, ...own });
}

function nodeOptions(maxRetriesPerRequest: number | null, socketTimeout: number) {
  return { maxRetriesPerRequest, socketTimeout, connectTimeout: CONNECT_TIMEOUT_MS };
}

/** Asks the nodes that the URL names for all others, which have the same user, password and encryption. */
function clusterArguments(
  url: string,
  node: ReturnType<typeof nodeOptions>,
  own: { readonly enableOfflineQueue?: boolean; readonly lazyConnect: boolean },
): ClusterArguments {
  const nodes = startNodes(url);
  const { username = '', password = '', protocol } = nodes[0] ?? {};
  return [
    nodes.map(({ hostname, port }) => ({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) })),
    {
      ...own,
      redisOptions: {
        ...node,
        ...(username !== '' && { username: decodeURIComponent(username) }),
        ...(password !== '' && { password: decodeURIComponent(password) }),
        ...(protocol === 'rediss:' && { tls: {} }),
      },
      // Names stay names: a certificate is checked against the name of its node.
      dnsLookup: (name, found) => found(null, name),
    },
  ];
}

/** One URL for each host of `redis://user:password@a:6379,b:6379`. */
function startNodes(url: string): URL[] {
  const [, before = '', hosts = '', after = ''] = /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/i.exec(url) ?? [];
  return hosts.split(',').map((host) => new URL(`${before}${host}${after}`));
}

/**
 * Resolves when a producer's connection answers. Rejects while Redis is away, with the reason of that; ioredis goes on
 * trying by itself.
 */
export async function ensureConnected(redis: RedisClient): Promise<void> {
  let trouble: unknown;
  const note = (error: { readonly lastNodeError?: unknown }) => {
    trouble = error.lastNodeError ?? error;
  };
  redis.on('error', note);
  try {
    if (redis.status === 'wait') await settled(redis);
    await redis.ping();
  } catch (error) {
    throw trouble ?? error;
  } finally {
    redis.off('error', note);
  }
}

/** The end of the first attempt. A cluster that is not whole yet closes without telling whoever had it connect. */
async function settled(redis: RedisClient): Promise<void> {
  const over = new AbortController();
  await Promise.race([redis.connect(), once(redis, 'close', { signal: over.signal })]).catch(() => undefined);
  over.abort();
}

/** What is wrong with a Redis, or with a master of a cluster, for our purpose; or null. Jobs must never be evicted. */
export async function redisFault(redis: RedisClient): Promise<string | null> {
  if (!(redis instanceof Cluster)) return (await aloneFault(redis)) ?? evictionFault(redis);
  const faults = await Promise.all(redis.nodes('master').map(evictionFault));
  return faults.find((fault) => fault !== null) ?? null;
}

/** Of a node of a cluster we would see only what lies in its own slots. */
async function aloneFault(redis: Redis): Promise<string | null> {
  const [, enabled] = /cluster_enabled:(\d)/.exec(await redis.info('cluster')) ?? [];
  return enabled === '1' ? 'it is a node of a cluster, which needs REDIS_CLUSTER=true' : null;
}

async function evictionFault(redis: Redis): Promise<string | null> {
  const memory = await redis.info('memory');
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1] ?? 'unknown';
  return policy === 'noeviction' ? null : `maxmemory-policy is '${policy}', it must be 'noeviction'`;
}
