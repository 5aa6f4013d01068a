import { createChannels, type Identify } from '@campaign-manager/channels';
import type { CampaignManager } from '@campaign-manager/core/manager';
import { replyIdOf } from '@campaign-manager/core/store';
import { createIdentities } from '@campaign-manager/mail';
import { closePorts, connectPorts, type Ports, type Waits } from '@campaign-manager/ports';
import { type Consumer, consume, type QueueName, type TroubledJob, workerConnection } from '@campaign-manager/queues';
import type { Config, Logger, Metrics } from '@campaign-manager/runtime';
import type { WorkerContext } from './context.js';
import { createDispatcher, LANES } from './delivery/dispatcher.js';
import { createRecorder } from './delivery/recorder.js';
import { advanceOne } from './jobs/advance.js';
import { advanceBatch } from './jobs/advance-batch.js';
import { close } from './jobs/close.js';
import { escalate } from './jobs/escalate.js';
import { initialize } from './jobs/initialize.js';
import { retry } from './jobs/retry.js';
import { createPermits } from './permits.js';
import { createTemplates } from './templates.js';
import { traced } from './traced.js';
import { watchClock } from './watch-clock.js';

export interface RunningWorker {
  readonly context: WorkerContext;
  /** Takes no further jobs, finishes those under way, closes every connection. */
  stop(): Promise<void>;
}

/** Connects one worker process to MongoDB, Redis and its channels, and begins to consume every queue. */
export async function startWorker(
  config: Config,
  logger: Logger,
  metrics: Metrics,
  manager?: CampaignManager,
  waits?: Waits,
): Promise<RunningWorker> {
  const ports = await connectPorts(config, logger, metrics, 'worker', waits);
  const context = { ...createContext(ports), ...(manager && { manager }) };
  const consumers = startConsumers(context);
  const watch = watchClock(ports.clock, consumers, logger);
  return {
    context,
    stop: async () => {
      watch.stop();
      await Promise.all(consumers.map((consumer) => consumer.close()));
      await Promise.all([...context.channels.values()].map((channel) => channel.close()));
      await closePorts(ports);
    },
  };
}

function createContext(ports: Ports): WorkerContext {
  const { config, logger, store } = ports;
  const channels = createChannels(
    {
      connections: config.workerConcurrentTasks,
      ...(config.smtpUrl !== undefined && {
        email: {
          url: config.smtpUrl,
          from: config.smtpFrom,
          timeoutMs: config.smtpTimeoutMs,
          policy: config.emailDeliveryPolicy,
        },
      }),
      ...(config.webhookUrl !== undefined &&
        config.webhookSecret !== undefined && {
          webhook: {
            url: config.webhookUrl,
            secret: config.webhookSecret,
            allowPrivate: config.webhookAllowPrivateAddresses,
            timeoutMs: config.webhookTimeoutMs,
            policy: config.webhookDeliveryPolicy,
            idempotencyHeader: config.webhookIdempotencyHeader,
          },
        }),
    },
    { writeLine: (line) => logger.info({ channel: 'log' }, line), ...identified(config) },
  );
  const recorder = createRecorder(ports);
  const dispatchers = new Map(
    [...channels].map(([name, channel]) => [
      name,
      createDispatcher(ports, channel, recorder, Math.min(channel.atOnce, LANES * config.maxBatchSize)),
    ]),
  );
  const permits = createPermits(config.maxConcurrentConversations);
  return { ...ports, channels, dispatchers, permits, templates: createTemplates(store) };
}

/** What makes mails answerable, where LINK_SECRET is set. */
function identified({ linkSecret: secret, publicUrl, inboundDomain }: Config): { identify?: Identify } {
  return secret === undefined ? {} : { identify: createIdentities({ secret, publicUrl, inboundDomain, replyIdOf }) };
}

/** The three dials of the user's document: campaign jobs, conversation jobs, and sends of one process. */
function startConsumers(context: WorkerContext): Consumer[] {
  const { config, logger, metrics, telemetry } = context;
  const options = (concurrency: number) => ({
    connection: workerConnection(config.redisUrl, config.redisCluster),
    prefix: config.redisPrefix,
    concurrency,
    retryDelayMs: config.retryDelayMs,
    ...(telemetry && { telemetry }),
    onError: (error: Error, queue: QueueName, job?: TroubledJob) => {
      logger.error({ err: error, queue, job }, job ? 'A job failed' : 'A queue is in trouble');
      if (job?.over) metrics.jobsFailed.inc({ queue });
    },
  });
  return [
    consume(
      'campaigns',
      { initialize: traced(context, initialize), close: traced(context, close) },
      options(config.processingThreads),
    ),
    consume(
      'conversations',
      { 'advance-batch': traced(context, advanceBatch), advance: traced(context, advanceOne) },
      options(config.workerConcurrentTasks),
    ),
    consume('messages', { retry: traced(context, retry) }, options(config.workerConcurrentTasks)),
    consume('notifications', { escalate: traced(context, escalate) }, options(1)),
  ];
}
