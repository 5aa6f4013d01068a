import { connectStore, type Store } from '@campaign-manager/core/store';
import {
  createProducers,
  ensureConnected,
  type Producers,
  producerConnection,
  type QueueTelemetry,
  queueTelemetry,
  redisFault,
} from '@campaign-manager/queues';
import {
  type Checks,
  type Clock,
  type Config,
  checkAll,
  createClock,
  isTracing,
  type Logger,
  type Metrics,
  untilConnected,
} from '@campaign-manager/runtime';

/** The outside world of an app. */
export interface Ports {
  readonly config: Config;
  readonly store: Store;
  readonly producers: Producers;
  /** What queues tell of their work; absent where nothing is traced. */
  readonly telemetry?: QueueTelemetry;
  /** MongoDB's time. */
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * Connects an app to MongoDB and Redis, waiting for each as long as it takes with a clear line in the log, and begins to
 * follow MongoDB's clock. `app` names the connection for whoever looks at MongoDB's side of it.
 */
export async function connectPorts(config: Config, logger: Logger, metrics: Metrics, app: string): Promise<Ports> {
  const store = await untilConnected({
    name: 'MongoDB',
    logger,
    connect: () =>
      connectStore({
        uri: config.mongodbUri,
        database: config.mongodbDatabase,
        poolSize: config.dbConnectionPoolSize,
        maxIdleMs: config.dbMaxIdleTimeMs,
        appName: `campaign-manager-${app}`,
      }),
  });
  const redis = producerConnection(config.redisUrl);
  redis.on('error', () => {}); // while it is away, commands fail and tell their callers
  await untilConnected({ name: 'Redis', logger, connect: () => ensureConnected(redis) });
  const clock = createClock({ readServerTime: store.serverTime });
  await clock.sync();
  clock.start();
  const telemetry = isTracing() ? await queueTelemetry() : undefined;
  const producers = createProducers(redis, config.redisPrefix, telemetry);
  return { config, store, producers, ...(telemetry && { telemetry }), clock, metrics, logger };
}

/** The last step of an app that stops. */
export async function closePorts({ clock, producers, store }: Ports): Promise<void> {
  clock.stop();
  await producers.close();
  await store.close();
}

/** Whether MongoDB answers, Redis keeps jobs, and our clock is right: an app is ready when all three hold. */
export function checkPorts({ store, producers, clock }: Pick<Ports, 'store' | 'producers' | 'clock'>): Promise<Checks> {
  return checkAll({
    mongodb: () => store.serverTime().then(() => null),
    redis: () => redisFault(producers.redis),
    clock: clock.skewed,
  });
}
