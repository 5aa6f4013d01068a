import { DelayedError, type Job, Worker } from 'bullmq';
import type { JobName, Jobs, QueueName } from './catalog.js';
import type { RedisClient } from './redis.js';
import type { QueueTelemetry } from './telemetry.js';

/** A job as a handler sees it. */
export interface JobToDo<P> {
  readonly payload: P;
  readonly id: string;
  /** It was handed out before: it failed, or its worker stalled or died. */
  readonly redelivered: boolean;
}

export type Handlers<Q extends QueueName> = {
  readonly [N in JobName<Q>]: (job: JobToDo<Jobs[Q][N]>) => Promise<void>;
};

export interface ConsumerOptions {
  /** A connection of its own; it is closed with the consumer. */
  readonly connection: RedisClient;
  readonly prefix: string;
  /** Jobs at once. */
  readonly concurrency: number;
  /** The pause before a failed job is tried again (`CAMPAIGN_RETRY_DELAY_SECONDS`). */
  readonly retryDelayMs: number;
  /** Where it is given, a job goes on with the trace that it carries, or begins one. */
  readonly telemetry?: QueueTelemetry;
  readonly onError: (error: Error, queue: QueueName, job?: TroubledJob) => void;
}

/** A job that could not be done. */
export interface TroubledJob {
  readonly name: string;
  readonly id: string;
  /** It failed for good: it is not tried again. */
  readonly over: boolean;
}

export interface Consumer {
  /** Takes no further job, and waits for those under way. */
  close(): Promise<void>;
  /** Takes no further job, but for one that Redis may be handing over at this moment. */
  pause(): Promise<void>;
  resume(): void;
}

/** Consumes one queue: every job goes to the handler of its name. */
export function consume<Q extends QueueName>(queue: Q, handlers: Handlers<Q>, options: ConsumerOptions): Consumer {
  const worker = new Worker(queue, (job, token) => handle(queue, job, token, handlers, options), {
    connection: options.connection,
    prefix: options.prefix,
    concurrency: options.concurrency,
    ...(options.telemetry && { telemetry: options.telemetry }),
    settings: { backoffStrategy: () => options.retryDelayMs },
  });
  worker.on('failed', (job, error) =>
    options.onError(error, queue, job && { name: job.name, id: job.id ?? '', over: job.finishedOn !== undefined }),
  );
  worker.on('error', (error) => options.onError(error, queue));
  return {
    close: async () => {
      await worker.close();
      options.connection.disconnect();
    },
    pause: () => worker.pause(true),
    resume: () => worker.resume(),
  };
}

async function handle<Q extends QueueName>(
  queue: Q,
  job: Job,
  token: string | undefined,
  handlers: Handlers<Q>,
  options: ConsumerOptions,
): Promise<void> {
  const named = handlers as Readonly<Record<string, (job: JobToDo<unknown>) => Promise<void>>>;
  const handler = Object.hasOwn(named, job.name) ? named[job.name] : undefined;
  if (!handler) {
    options.onError(new UnknownJobError(job.name), queue, { name: job.name, id: job.id ?? '', over: false });
    // Put off rather than failed: its attempts are for workers that know it.
    await job.moveToDelayed(Date.now() + options.retryDelayMs, token);
    throw new DelayedError();
  }
  await handler({
    payload: job.data,
    id: job.id ?? '',
    redelivered: job.attemptsMade > 0 || job.attemptsStarted > 1 || job.stalledCounter > 0,
  });
}

/** What `onError` gets when a job of a later version is taken by a worker that does not know it; another worker may. */
export class UnknownJobError extends Error {
  override readonly name = 'UnknownJobError';

  constructor(jobName: string) {
    super(`No handler for a job named '${jobName}'.`);
  }
}
