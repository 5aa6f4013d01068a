import type { World } from './world.js';

const QUEUES = ['campaigns', 'conversations', 'messages', 'notifications'];

/** What BullMQ's own books say went wrong with jobs: its streams of events name each that stalled or failed. */
export async function jobTrouble({ redis, prefix }: Pick<World, 'redis' | 'prefix'>): Promise<string[]> {
  const found: string[] = [];
  for (const queue of QUEUES) {
    const entries = await redis.xrange(`${prefix}:${queue}:events`, '-', '+');
    for (const [, fields] of entries) {
      const event = fields[fields.indexOf('event') + 1];
      if (event === 'stalled' || event === 'failed') found.push(`a job of ${queue} ${event}: ${fields.join(' ')}`);
    }
    const active = await redis.llen(`${prefix}:${queue}:active`);
    if (active > 0) found.push(`${active} jobs of ${queue} are still being worked on by nobody`);
  }
  return found;
}
