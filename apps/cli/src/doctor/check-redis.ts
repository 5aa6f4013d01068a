import { ensureConnected, pausedQueues, producerConnection, redisFault } from '@campaign-manager/queues';
import type { Config } from '@campaign-manager/runtime';
import { type Finding, reasonOf } from './finding.js';

const what = 'Redis';

/** Reachability of Redis, whether it keeps what is put into it, and whether somebody paused a queue. */
export async function checkRedis({
  redisUrl,
  redisPrefix,
}: Pick<Config, 'redisUrl' | 'redisPrefix'>): Promise<Finding> {
  const redis = producerConnection(redisUrl);
  let refused: unknown;
  redis.on('error', (error) => {
    refused = error;
  });
  try {
    await ensureConnected(redis);
    const fault = await redisFault(redis);
    if (fault !== null) {
      const mend = 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf';
      return { ok: false, what, wrong: fault, mend };
    }
    const paused = await pausedQueues(redis, redisPrefix);
    if (paused.length === 0) return { ok: true, what, detail: 'it answers, with maxmemory-policy noeviction' };
    const wrong = `somebody paused ${paused.join(', ')}: nothing of it is done`;
    return { ok: false, what, wrong, mend: 'resume it on the board at /queues (QUEUES_WRITABLE=true)' };
  } catch (error) {
    const wrong = `it cannot be reached (${reasonOf(refused ?? error)})`;
    return { ok: false, what, wrong, mend: 'start Redis, or correct REDIS_URL' };
  } finally {
    redis.disconnect();
  }
}
