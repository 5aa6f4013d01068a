import { ensureConnected, pausedQueues, producerConnection, redisFault } from '@campaign-manager/queues';
import type { Config } from '@campaign-manager/runtime';
import { type Finding, reasonOf } from './finding.js';

const what = 'Redis';
const KEEP = 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf';
const CLUSTER = 'set REDIS_CLUSTER=true, and a REDIS_PREFIX with a part in braces, such as {campaign}';
const RESUME = 'set QUEUES_WRITABLE=true for the api and restart it, then resume the queue on the board at /queues';

type RedisConfig = Pick<Config, 'redisUrl' | 'redisCluster' | 'redisPrefix'>;

/** Reachability of Redis, whether it keeps what is put into it, and whether somebody paused a queue. */
export async function checkRedis({ redisUrl, redisCluster, redisPrefix }: RedisConfig): Promise<Finding> {
  const redis = producerConnection(redisUrl, redisCluster);
  redis.on('error', () => {}); // `ensureConnected` tells
  try {
    await ensureConnected(redis);
    const fault = await redisFault(redis);
    if (fault !== null) return { ok: false, what, wrong: fault, mend: fault.includes('cluster') ? CLUSTER : KEEP };
    const paused = await pausedQueues(redis, redisPrefix);
    if (paused.length === 0) return { ok: true, what, detail: 'it answers, with maxmemory-policy noeviction' };
    const wrong = `somebody paused ${paused.join(', ')}: nothing of it is done`;
    return { ok: false, what, wrong, mend: RESUME };
  } catch (error) {
    const wrong = `it cannot be reached (${reasonOf(error)})`;
    return { ok: false, what, wrong, mend: 'start Redis, or correct REDIS_URL' };
  } finally {
    redis.disconnect();
  }
}
