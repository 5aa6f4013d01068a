import { QueueKeys } from 'bullmq';
import { QUEUES, type QueueName } from './catalog.js';
import type { RedisClient } from './redis.js';

/**
 * Queues that somebody paused, on the board or by other means: nothing of them is done until they are resumed. Only reads,
 * unlike BullMQ's `Queue`, which notes its version when it is made.
 */
export async function pausedQueues(redis: RedisClient, prefix: string): Promise<QueueName[]> {
  const keys = new QueueKeys(prefix);
  const paused = await Promise.all(QUEUES.map((name) => redis.hexists(keys.toKey(name, 'meta'), 'paused')));
  return QUEUES.filter((_, i) => paused[i] === 1);
}
