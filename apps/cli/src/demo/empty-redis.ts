import type { LocalService } from '@campaign-manager/local-stack';
import { Redis } from 'ioredis';

/**
 * Throws away what Redis holds, all of it where the server is ours, else what begins with our prefix. Answers a sentence
 * that says what was done.
 */
export async function emptyRedis({ uri }: Pick<LocalService, 'uri'>, prefix: string, ours: boolean): Promise<string> {
  const redis = new Redis(uri, { maxRetriesPerRequest: 1 });
  redis.on('error', () => undefined);
  try {
    if (!ours) return `Redis is not ours alone: deleted its ${await deletePrefix(redis, prefix)} keys ${prefix}:*`;
    const keys = await redis.dbsize();
    await redis.flushall();
    return `FLUSHALL: the ${keys} keys of Redis are gone`;
  } finally {
    redis.disconnect();
  }
}

/** Deletes every key `<prefix>:*`; answers how many there were. */
export async function deletePrefix(redis: Redis, prefix: string): Promise<number> {
  let deleted = 0;
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}:*`, 'COUNT', 1000);
    if (keys.length > 0) deleted += await redis.del(...keys);
    cursor = next;
  } while (cursor !== '0');
  return deleted;
}
