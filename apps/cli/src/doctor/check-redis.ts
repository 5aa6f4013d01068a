import { ensureConnected, producerConnection, redisFault } from '@campaign-manager/queues';
import type { Config } from '@campaign-manager/runtime';
import { type Finding, reasonOf } from './finding.js';

const what = 'Redis';

/** Reachability of Redis, and whether it keeps what is put into it. */
export async function checkRedis({ redisUrl }: Pick<Config, 'redisUrl'>): Promise<Finding> {
  const redis = producerConnection(redisUrl);
  let refused: unknown;
  redis.on('error', (error) => {
    refused = error;
  });
  try {
    await ensureConnected(redis);
    const fault = await redisFault(redis);
    if (fault === null) return { ok: true, what, detail: 'it answers, with maxmemory-policy noeviction' };
    const mend = 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf';
    return { ok: false, what, wrong: fault, mend };
  } catch (error) {
    const wrong = `it cannot be reached (${reasonOf(refused ?? error)})`;
    return { ok: false, what, wrong, mend: 'start Redis, or correct REDIS_URL' };
  } finally {
    redis.disconnect();
  }
}
