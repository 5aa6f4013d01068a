import { setTimeout } from 'node:timers/promises';
import { connectStore } from '@campaign-manager/core/store';
import { createProducers, ensureConnected, producerConnection } from '@campaign-manager/queues';
import { type Config, createClock, type Logger, type Metrics, untilConnected } from '@campaign-manager/runtime';
import type { SchedulerContext } from './context.js';
import { poll } from './poll.js';

export interface RunningScheduler {
  readonly context: SchedulerContext;
  stop(): Promise<void>;
}

/** While a campaign has a backlog, the queue is refilled this often instead of once per polling interval. */
const REFILL_MS = 1000;

/** Connects a scheduler and begins to poll; a poll that fails is simply followed by the next one. */
export async function startScheduler(config: Config, logger: Logger, metrics: Metrics): Promise<RunningScheduler> {
  const context = await createContext(config, logger, metrics);
  const stopped = new AbortController();
  const loop = pollUntil(context, stopped.signal);
  return {
    context,
    stop: async () => {
      stopped.abort();
      await loop;
      context.clock.stop();
      await context.producers.close();
      await context.store.close();
    },
  };
}

async function pollUntil(context: SchedulerContext, signal: AbortSignal): Promise<void> {
  const { config, clock, logger } = context;
  while (!signal.aborted) {
    let pauseMs = config.pollingIntervalMs;
    const skew = clock.skewed();
    if (skew !== null) logger.error({ reason: skew }, 'The clock is off: nothing is handed out');
    else {
      try {
        const { backlog } = await poll(context);
        if (backlog) pauseMs = Math.min(pauseMs, REFILL_MS);
      } catch (error) {
        logger.error({ err: error }, 'A poll failed; the next one follows');
      }
    }
    await setTimeout(pauseMs, undefined, { signal }).catch(() => undefined); // woken up to stop
  }
}

async function createContext(config: Config, logger: Logger, metrics: Metrics): Promise<SchedulerContext> {
  const store = await untilConnected({
    name: 'MongoDB',
    logger,
    connect: () =>
      connectStore({
        uri: config.mongodbUri,
        database: config.mongodbDatabase,
        poolSize: config.dbConnectionPoolSize,
        maxIdleMs: config.dbMaxIdleTimeMs,
        appName: 'campaign-manager-scheduler',
      }),
  });
  const redis = producerConnection(config.redisUrl);
  redis.on('error', () => {}); // while it is away, polls fail and say so
  await untilConnected({ name: 'Redis', logger, connect: () => ensureConnected(redis) });
  const producers = createProducers(redis, config.redisPrefix);
  const clock = createClock({ readServerTime: store.serverTime });
  await clock.sync();
  clock.start();
  return { config, store, producers, clock, metrics, logger };
}
