import { type JobsOptions, Queue } from 'bullmq';
import { type JobName, type Jobs, KEPT_JOBS, QUEUES, type QueueName, RETRIES } from './catalog.js';
import type { RedisClient } from './redis.js';
import type { QueueTelemetry } from './telemetry.js';

export interface JobToAdd<Q extends QueueName, N extends JobName<Q> = JobName<Q>> {
  readonly name: N;
  readonly payload: Jobs[Q][N];
  /** Milliseconds from now; 0 or less: at once. */
  readonly delayMs?: number;
  /** Where two jobs with one id would be one too many. Letters, digits, `-`, `_`, `.` and `%` only. */
  readonly jobId?: string;
  /** 1 is taken first; a job without one is taken before all that have one. It stays while the job is delayed. */
  readonly priority?: number;
  /** Taken before all that wait. An `advance` job that is no suspect is urgent by itself; never with a priority. */
  readonly urgent?: boolean;
}

export interface Producers {
  /** Adds jobs in one round trip; answers their ids. Rejects at once where Redis is away. */
  add<Q extends QueueName>(queue: Q, jobs: readonly JobToAdd<Q>[]): Promise<string[]>;
  readonly queues: Readonly<Record<QueueName, Queue>>;
  readonly redis: RedisClient;
  close(): Promise<void>;
}

/** What may be attached to producers. */
export interface ProducerOptions {
  /** Told of jobs that Redis has taken. */
  readonly onAdded?: (queue: QueueName, names: readonly string[]) => void;
  /** Jobs carry their place in a trace. */
  readonly telemetry?: QueueTelemetry;
}

/** One producer for every queue, over one connection. */
export function createProducers(
  redis: RedisClient,
  prefix: string,
  { onAdded = () => {}, telemetry }: ProducerOptions = {},
): Producers {
  redis.on('error', () => {}); // commands fail and tell their callers
  const queues = Object.fromEntries(
    QUEUES.map((name) => [name, newQueue(name, redis, prefix, telemetry)]),
  ) as unknown as Record<QueueName, Queue>;
  return {
    queues,
    redis,
    add: async (queue, jobs) => {
      if (jobs.length === 0) return [];
      const added = await queues[queue].addBulk(
        jobs.map((job) => ({ name: job.name, data: job.payload, opts: jobOptions(queue, job) })),
      );
      onAdded(
        queue,
        jobs.map(({ name }) => name),
      );
      return added.map(({ id }) => id ?? '');
    },
    close: async () => {
      await Promise.all(Object.values(queues).map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}

function newQueue(name: QueueName, connection: RedisClient, prefix: string, telemetry?: QueueTelemetry): Queue {
  const queue = new Queue(name, { connection, prefix, skipWaitingForReady: true, ...(telemetry && { telemetry }) });
  queue.on('error', () => {}); // `add` rejects; readiness tells the reason
  return queue;
}

function jobOptions<Q extends QueueName>(queue: Q, job: JobToAdd<Q>): JobsOptions {
  return {
    attempts: RETRIES[queue].attempts,
    backoff: { type: 'campaign' },
    ...retention(job.jobId),
    ...(isUrgent(job) && { lifo: true }),
    ...(job.delayMs !== undefined && job.delayMs > 0 && { delay: Math.ceil(job.delayMs) }),
    ...(job.jobId !== undefined && { jobId: job.jobId }),
    ...(job.priority !== undefined && { priority: job.priority }),
  };
}

/** A reply or a command is looked at before the batches that wait (design, section 1, "Replies are first class"). */
function isUrgent<Q extends QueueName>({ name, payload, urgent }: JobToAdd<Q>): boolean {
  return urgent === true || (name === 'advance' && (payload as Jobs['conversations']['advance']).suspect !== true);
}

/** A job with an id of ours goes when it is finished: BullMQ ignores an id that it still holds, and the poll adds it again. */
function retention(jobId: string | undefined): JobsOptions {
  if (jobId !== undefined) return { removeOnComplete: true, removeOnFail: true };
  return { removeOnComplete: { count: KEPT_JOBS.completed }, removeOnFail: { count: KEPT_JOBS.failed } };
}

/** Makes an id of ours fit for a job id: BullMQ keeps `:` for itself. */
export function jobIdPart(id: string): string {
  return encodeURIComponent(id);
}
