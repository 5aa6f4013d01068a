import type { World } from './world.js';

const QUEUES = ['campaigns', 'conversations', 'messages', 'notifications'];

/** A job that BullMQ holds, by its key in Redis. */
export interface JobPlace {
  readonly key: string;
  readonly state: 'wait' | 'active' | 'failed';
}

/** Jobs that are to be done, now or later, and those that failed for good. */
export async function waitingJobs({ redis, prefix }: Pick<World, 'redis' | 'prefix'>): Promise<JobPlace[]> {
  const found: JobPlace[] = [];
  for (const queue of QUEUES) {
    const place = (state: JobPlace['state']) => (id: string) => ({ key: `${prefix}:${queue}:${id}`, state });
    found.push(...(await redis.lrange(`${prefix}:${queue}:wait`, 0, -1)).map(place('wait')));
    found.push(...(await redis.lrange(`${prefix}:${queue}:active`, 0, -1)).map(place('active')));
    found.push(...(await redis.zrange(`${prefix}:${queue}:delayed`, '0', '-1')).map(place('wait')));
    found.push(...(await redis.zrange(`${prefix}:${queue}:failed`, '0', '-1')).map(place('failed')));
  }
  return found;
}

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
