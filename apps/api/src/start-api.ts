import { type AddressInfo, isIPv6 } from 'node:net';
import { connectStore, ensureIndexes, type Store, saveApiKey } from '@campaign-manager/core/store';
import { createProducers, ensureConnected, type Producers, producerConnection } from '@campaign-manager/queues';
import {
  type Clock,
  type Config,
  createClock,
  type Logger,
  type Metrics,
  untilConnected,
} from '@campaign-manager/runtime';
import { SCOPES } from './auth/scopes.js';
import { createServer } from './create-server.js';

export interface RunningApi {
  readonly store: Store;
  readonly producers: Producers;
  readonly clock: Clock;
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Takes no further requests, answers those under way, closes every connection. */
  stop(): Promise<void>;
}

/** Connects the api to MongoDB and Redis, and listens on API_HOST and API_PORT. */
export async function startApi(config: Config, logger: Logger, metrics: Metrics): Promise<RunningApi> {
  const store = await untilConnected({ name: 'MongoDB', logger, connect: () => connect(config) });
  // For now whoever starts makes the indexes; an explicit step of migration follows with the charts.
  await ensureIndexes(store);
  const producers = await connectProducers(config, logger);
  const clock = createClock({ readServerTime: store.serverTime });
  await clock.sync();
  clock.start();
  if (config.apiBootstrapKey !== undefined) {
    await saveApiKey(store, config.apiBootstrapKey, 'bootstrap', SCOPES, new Date(clock.now()));
  }
  const server = await createServer({ config, store, producers, clock, logger, metrics });
  await server.listen({ host: config.apiHost, port: config.apiPort });
  return {
    store,
    producers,
    clock,
    url: urlOf(server.server.address() as AddressInfo),
    stop: async () => {
      await server.close();
      clock.stop();
      await producers.close();
      await store.close();
    },
  };
}

function connect(config: Config): Promise<Store> {
  return connectStore({
    uri: config.mongodbUri,
    database: config.mongodbDatabase,
    poolSize: config.dbConnectionPoolSize,
    maxIdleMs: config.dbMaxIdleTimeMs,
    appName: 'campaign-manager-api',
  });
}

async function connectProducers(config: Config, logger: Logger): Promise<Producers> {
  const redis = producerConnection(config.redisUrl);
  redis.on('error', () => {}); // while it is away, commands fail and tell their callers
  await untilConnected({ name: 'Redis', logger, connect: () => ensureConnected(redis) });
  return createProducers(redis, config.redisPrefix);
}

function urlOf({ address, port }: AddressInfo): string {
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
