import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { FloorTask } from './run-floor.js';

/** A queue and the worker that consumes it, with nothing around them. */
export interface BatchJobs<T> {
  /** Adds a job for each. */
  add(payloads: readonly T[]): Promise<void>;
  /** The worker takes no job before. */
  start(): void;
}

/** @param handle does one job; as many run at once as the product's worker has tasks. */
export async function createBatchJobs<T>(
  { redisUrl, prefix, tasks }: Pick<FloorTask, 'redisUrl' | 'prefix' | 'tasks'>,
  handle: (payload: T) => Promise<void>,
): Promise<BatchJobs<T>> {
  const connection = () => new Redis(redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue('floor', { connection: connection(), prefix });
  const worker = new Worker<T>('floor', (job) => handle(job.data), {
    connection: connection(),
    prefix,
    concurrency: tasks,
    autorun: false,
  });
  worker.on('failed', (_job, error) => failLoudly(error));
  await worker.waitUntilReady();
  return {
    add: async (payloads) => {
      await queue.addBulk(payloads.map((data) => ({ name: 'batch', data })));
    },
    start: () => void worker.run(),
  };
}

/** A floor that lost a job would never end. */
function failLoudly(error: Error): void {
  console.error(error);
  process.exit(1);
}
