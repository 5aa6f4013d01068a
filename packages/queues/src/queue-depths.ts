import { QUEUES, type QueueName } from './catalog.js';
import type { Producers } from './producers.js';

/** What BullMQ calls the states that are shown as one: a job with a priority waits in a set of its own. */
const STATES = {
  waiting: ['wait', 'prioritized'],
  delayed: ['delayed'],
  active: ['active'],
  failed: ['failed'],
} as const;

export interface QueueDepth {
  readonly queue: QueueName;
  readonly state: keyof typeof STATES;
  readonly jobs: number;
}

/** How many jobs stand in each queue, by state: one round trip a queue. Rejects where Redis is away. */
export async function queueDepths({ queues }: Pick<Producers, 'queues'>): Promise<readonly QueueDepth[]> {
  const counts = await Promise.all(QUEUES.map((queue) => queues[queue].getJobCounts(...Object.values(STATES).flat())));
  return QUEUES.flatMap((queue, i) =>
    Object.entries(STATES).map(([state, names]) => ({
      queue,
      state: state as QueueDepth['state'],
      jobs: names.reduce((sum, name) => sum + (counts[i]?.[name] ?? 0), 0),
    })),
  );
}
