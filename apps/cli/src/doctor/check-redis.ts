import { ensureConnected, producerConnection, redisFault } from '@campaign-manager/queues';
import type { Config } from '@campaign-manager/runtime';
import { type Finding, reasonOf } from './finding.js';

const what = 'Redis';
const KEEP = 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf';
const CLUSTER = 'set REDIS_CLUSTER=true, and a REDIS_PREFIX with a part in braces, such as {campaign}';

type RedisConfig = Pick<Config, 'redisUrl' | 'redisCluster'>;

/** Reachability of Redis, and whether it keeps what is put into it. */
export async function checkRedis({ redisUrl, redisCluster }: RedisConfig): Promise<Finding> {
  const redis = producerConnection(redisUrl, redisCluster);
  redis.on('error', () => {}); // `ensureConnected` tells
  try {
    await ensureConnected(redis);
    const fault = await redisFault(redis);
    if (fault === null) return { ok: true, what, detail: 'it answers, with maxmemory-policy noeviction' };
    return { ok: false, what, wrong: fault, mend: fault.includes('cluster') ? CLUSTER : KEEP };
  } catch (error) {
    const wrong = `it cannot be reached (${reasonOf(error)})`;
    return { ok: false, what, wrong, mend: 'start Redis, or correct REDIS_URL' };
  } finally {
    redis.disconnect();
  }
}
