import { connectStore, migrate, type Store, saveApiKey } from '@campaign-manager/core/store';
import { createProducers, ensureConnected, type Producers, producerConnection } from '@campaign-manager/queues';
import { type Config, createLogger, createMetrics, loadConfig } from '@campaign-manager/runtime';
import {
  dropDatabase,
  dropKeys,
  type FakeClock,
  fakeClock,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
} from '@campaign-manager/testkit';
import { SCOPES, type Scope } from '../../src/auth/scopes.js';
import { createServer } from '../../src/create-server.js';

export const NOW = Date.parse('2026-03-01T12:00:00Z');

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: { readonly [member: string]: unknown };
}

export interface TestApi {
  readonly app: Awaited<ReturnType<typeof createServer>>;
  readonly store: Store;
  readonly producers: Producers;
  readonly clock: FakeClock;
  readonly config: Config;
  /** Lines of the log, as JSON text. */
  readonly log: string[];
  get(url: string): Promise<Answer>;
  post(url: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Jobs that wait in a queue, oldest first. */
  jobs(queue: 'campaigns' | 'conversations'): Promise<{ id: string; name: string; data: Record<string, unknown> }[]>;
  stop(): Promise<void>;
}

export const KEY = keyOf(SCOPES);

/** A key with these scopes; `createTestApi` stores each of the four alone, and one with all. */
export function keyOf(scopes: readonly Scope[]): string {
  return `key-for-${scopes.join('-')}-and-nothing-else`;
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly mongodbUri?: string;
  readonly redisUrl?: string;
}

/** The api on a database and a prefix of its own, with a clock that stands still. */
export async function createTestApi(label: string, options: Options = {}): Promise<TestApi> {
  const database = testDatabaseName(label);
  const redisPrefix = testRedisPrefix(label);
  const config: Config = { ...loadConfig(options.env ?? {}), redisPrefix };
  const store = await connectStore({
    uri: options.mongodbUri ?? testMongoUri(),
    database,
    poolSize: 10,
    maxIdleMs: 0,
    appName: 'test',
  });
  await migrate(store);
  const redis = producerConnection(options.redisUrl ?? testRedisUrl());
  redis.on('error', () => {});
  await ensureConnected(redis);
  const producers = createProducers(redis, redisPrefix);
  const clock = fakeClock(NOW);
  for (const scopes of [...SCOPES.map((scope) => [scope]), SCOPES]) {
    await saveApiKey(store, keyOf(scopes), scopes.length === 1 ? `only ${scopes[0]}` : 'tests', scopes, new Date(NOW));
  }
  const log: string[] = [];
  const logger = createLogger(
    { ...config, includeTraceId: true },
    { app: 'api', stream: { write: (line) => log.push(line) } },
  );
  const app = await createServer({ config, store, producers, clock, logger, metrics: createMetrics(config) });
  await app.ready();

  async function send(method: 'GET' | 'POST', url: string, body?: unknown, headers = {}): Promise<Answer> {
    const isText = typeof body === 'string';
    const answer = await app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${KEY}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: isText ? body : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  }

  return {
    app,
    store,
    producers,
    clock,
    config,
    log,
    get: (url) => send('GET', url),
    post: (url, body, headers) => send('POST', url, body, headers),
    jobs: async (queue) => {
      const jobs = await producers.queues[queue].getWaiting();
      return jobs.map(({ id = '', name, data }) => ({ id, name, data }));
    },
    stop: async () => {
      await app.close();
      await producers.close();
      await store.close();
      await dropKeys(redisPrefix);
      await dropDatabase(database);
    },
  };
}
