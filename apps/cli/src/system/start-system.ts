import { setTimeout as delay } from 'node:timers/promises';
import { connectStore, migrate } from '@campaign-manager/core/store';
import { freePort, type LocalService, startMongo, startRedis } from '@campaign-manager/local-stack';
import { loadConfig } from '@campaign-manager/runtime';
import { stateFile } from '../project-files.js';
import { type AppName, type AppProcess, startApp } from './app-process.js';
import type { Teardown } from './teardown.js';
import { createTrouble } from './trouble.js';

/** Environment variables by name, as in `docs/configuration.md`. */
export type Settings = Readonly<Record<string, string | undefined>>;

export interface SystemOptions {
  /** What every process gets; `MONGODB_URI` and `REDIS_URL` in it are used in place of local services. */
  readonly settings: Settings;
  /** What one worker gets besides, by its number from 1. */
  readonly workerSettings?: (number: number) => Settings;
  readonly workers: number;
  /** Port of the api; any free one without it. */
  readonly port?: number;
  /** Port of health and metrics of the scheduler; the api has the next, then the workers. Any free ones without it. */
  readonly metricsPort?: number;
  /** Folder below `.campaign/` that keeps the data; without it, data is gone afterwards. */
  readonly dataFolder?: string;
  readonly logFolder: string;
  /** Tidies up a Redis that is not ours, when everything else has stopped. */
  readonly leaveRedis?: (redis: LocalService) => Promise<unknown>;
  readonly teardown: Teardown;
  readonly say: (line: string) => void;
}

export interface System {
  readonly apiUrl: string;
  readonly mongo: LocalService;
  readonly redis: LocalService;
  /** Ports of health and metrics, by the name of the process: `worker-1`. */
  readonly metricsPorts: ReadonlyMap<string, number>;
  /** Whether nobody else uses that Redis: we started it. */
  readonly redisIsOurs: boolean;
  /** Workers by number, replacements included. */
  readonly workers: ReadonlyMap<number, AppProcess>;
  /** Adds a worker, also in place of one that was killed; resolves when it takes jobs. */
  addWorker(): Promise<AppProcess>;
  /** Rejects when any of the processes ends by itself. */
  readonly failed: Promise<never>;
}

/**
 * Starts the whole system on this machine: MongoDB, migrated, Redis, the workers, the scheduler and the api, in this order.
 * `teardown` gets how to stop each, so that running it stops them in the opposite order.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { teardown, logFolder } = options;
  const { mongo, redis } = await startServices(options);
  const redisIsOurs = !options.settings['REDIS_URL'];
  const { leaveRedis } = options;
  if (leaveRedis && !redisIsOurs) teardown.add(() => leaveRedis(redis));
  await migrateDatabase(mongo.uri, options.settings['MONGODB_DATABASE']);
  const port = options.port ?? (await freePort());
  const env = {
    ...options.settings,
    MONGODB_URI: mongo.uri,
    REDIS_URL: redis.uri,
    API_HOST: '127.0.0.1',
    API_PORT: String(port),
  };
  const workers = new Map<number, AppProcess>();
  const metricsPorts = new Map<string, number>();
  const trouble = createTrouble();

  /** Starts a process; `ready` resolves when it takes work. `place` is its place in the row of ports. */
  async function spawn(app: AppName, label: string, place: number, more: Settings = {}): Promise<Started> {
    const healthPort = options.metricsPort === undefined ? await freePort() : options.metricsPort + place;
    metricsPorts.set(label, healthPort);
    const appEnv = { ...env, ...more, METRICS_PORT: String(healthPort) };
    const logFile = stateFile(`${logFolder}/${label}.log`);
    const running = await startApp({ app, label, env: appEnv, logFile });
    teardown.add(() => running.stop());
    running.failed.catch(trouble.fail);
    const ready = Promise.race([untilReady(label, healthPort), running.failed]);
    ready.catch(() => undefined);
    return { running, ready };
  }

  async function spawnWorker(): Promise<Started> {
    const number = workers.size + 1;
    const started = await spawn('worker', `worker-${number}`, number + 1, options.workerSettings?.(number));
    workers.set(number, started.running);
    return started;
  }

  const started: Started[] = [];
  for (let i = 0; i < options.workers; i += 1) started.push(await spawnWorker());
  started.push(await spawn('scheduler', 'scheduler', 0), await spawn('api', 'api', 1));
  await Promise.all(started.map(({ ready }) => ready));
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    mongo,
    redis,
    metricsPorts,
    redisIsOurs,
    workers,
    addWorker: async () => {
      const { running, ready } = await spawnWorker();
      await ready;
      return running;
    },
    failed: trouble.failed,
  };
}

interface Started {
  readonly running: AppProcess;
  readonly ready: Promise<void>;
}

async function startServices({ settings, dataFolder, teardown, say }: SystemOptions) {
  const options = (name: string, uri: string | undefined) => ({
    ...(uri !== undefined && uri !== '' && { uri }),
    ...(dataFolder !== undefined && { dataDir: stateFile(`${dataFolder}/${name}`) }),
    log: say,
  });
  // One after the other: a source that must be downloaded tells so, and Redis needs a blink only.
  const mongo = await startMongo(options('mongodb', settings['MONGODB_URI']));
  teardown.add(mongo.stop);
  say(mongo.source);
  const redis = await startRedis(options('redis', settings['REDIS_URL']));
  teardown.add(redis.stop);
  say(redis.source);
  return { mongo, redis };
}

async function migrateDatabase(uri: string, given: string | undefined): Promise<void> {
  const database = loadConfig({ ...(given !== undefined && { MONGODB_DATABASE: given }) }).mongodbDatabase;
  const store = await connectStore({ uri, database, poolSize: 1, maxIdleMs: 0, appName: 'campaign-migrate' });
  try {
    await migrate(store);
  } finally {
    await store.close();
  }
}

const START_TIMEOUT_MS = 30_000;

/** Thrown when a process was not ready in time; says what it waits for. */
class NotReadyError extends Error {
  override readonly name = 'NotReadyError';

  constructor(label: string, answer: string) {
    super(`The ${label} was not ready after ${START_TIMEOUT_MS / 1000} s: ${answer}`);
  }
}

/** Asks the health endpoint of a process until it says that it is ready. */
async function untilReady(label: string, healthPort: number): Promise<void> {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${healthPort}/health/ready`).then(
      async (response) => ({ ready: response.ok, text: await response.text() }),
      () => ({ ready: false, text: 'no answer' }),
    );
    if (answer.ready) return;
    if (performance.now() > giveUpAt) throw new NotReadyError(label, answer.text);
    await delay(50);
  }
}
