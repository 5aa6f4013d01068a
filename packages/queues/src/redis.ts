import { Redis } from 'ioredis';

/**
 * A connection for producers: fails at once where Redis is away, so that the caller decides what that means. Nobody
 * loses anything by it: every job can be derived from MongoDB again.
 */
export function producerConnection(url: string): Redis {
  return new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: 5000,
    lazyConnect: true,
  });
}

/** A connection for workers: waits for Redis as long as it takes (BullMQ asks for `maxRetriesPerRequest: null`). */
export function workerConnection(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: null, connectTimeout: 5000, lazyConnect: true });
}

/** Resolves when a producer's connection answers. Rejects while Redis is away; ioredis goes on trying by itself. */
export async function ensureConnected(redis: Redis): Promise<void> {
  if (redis.status === 'wait') await redis.connect().catch(() => undefined);
  await redis.ping();
}

/** What is wrong with a Redis for our purpose, or null. Jobs must never be evicted. */
export async function redisFault(redis: Redis): Promise<string | null> {
  const memory = await redis.info('memory');
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1] ?? 'unknown';
  return policy === 'noeviction' ? null : `maxmemory-policy is '${policy}', it must be 'noeviction'`;
}
