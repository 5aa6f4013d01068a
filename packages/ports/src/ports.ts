import { connectStore, installedSchema, type Store, schemaFault } from '@campaign-manager/core/store';
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
import { timeStores } from './time-stores.js';
import { untilMigrated } from './until-migrated.js';

/** Is told why an app that starts is not ready yet. */
export type Waits = (reason: string) => void;

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
 * Connects an app to MongoDB and Redis, waiting for each as long as it takes with a clear line in the log, also for a
 * database that has to be migrated first, and begins to follow MongoDB's clock. `app` names the connection for whoever
 * looks at MongoDB's side of it; `waits` gets what it waits for.
 */
export async function connectPorts(
  config: Config,
  logger: Logger,
  metrics: Metrics,
  app: string,
  waits: Waits = () => {},
): Promise<Ports> {
  const timed = config.enableMetrics ? timeStores(metrics) : null;
  waits('It connects to MongoDB.');
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
        ...timed,
      }),
  });
  await untilMigrated(store, logger, waits);
  waits('It connects to Redis.');
  const redis = producerConnection(config.redisUrl, config.redisCluster);
  redis.on('error', () => {}); // while it is away, commands fail and tell their callers
  await untilConnected({ name: 'Redis', logger, connect: () => ensureConnected(redis) });
  const clock = createClock({ readServerTime: store.serverTime });
  await clock.sync();
  clock.start();
  const telemetry = isTracing() ? await queueTelemetry() : undefined;
  const producers = createProducers(redis, config.redisPrefix, {
    onAdded: (queue, names) => {
      for (const name of names) metrics.jobsEnqueued.inc({ queue, name });
    },
    ...(telemetry && { telemetry }),
  });
  return { config, store, producers, ...(telemetry && { telemetry }), clock, metrics, logger };
}

/** The last step of an app that stops. */
export async function closePorts({ clock, producers, store }: Ports): Promise<void> {
  clock.stop();
  await producers.close();
  await store.close();
}

/** Whether MongoDB answers, its schema suits us, Redis keeps jobs, and our clock is right: then an app is ready. */
export function checkPorts({ store, producers, clock }: Pick<Ports, 'store' | 'producers' | 'clock'>): Promise<Checks> {
  return checkAll({
    mongodb: () => store.serverTime().then(() => null),
    schema: async () => schemaFault(await installedSchema(store)),
    redis: () => redisFault(producers.redis),
    clock: clock.skewed,
  });
}
