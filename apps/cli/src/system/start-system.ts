import { setTimeout as delay } from 'node:timers/promises';
import { freePort, type LocalService, startMongo, startRedis } from '@campaign-manager/local-stack';
import { stateFile } from '../project-files.js';
import { type AppProcess, startApp } from './app-process.js';
import type { Teardown } from './teardown.js';

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
  readonly redis: LocalService;
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
 * Starts the whole system on this machine: MongoDB, Redis, the workers, the scheduler and the api, in this order.
 * `teardown` gets how to stop each, so that running it stops them in the opposite order.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { teardown, logFolder } = options;
  const { mongo, redis } = await startServices(options);
  const redisIsOurs = !options.settings['REDIS_URL'];
  const { leaveRedis } = options;
  if (leaveRedis && !redisIsOurs) teardown.add(() => leaveRedis(redis));
  const port = options.port ?? (await freePort());
  const env = {
    ...options.settings,
    MONGODB_URI: mongo.uri,
    REDIS_URL: redis.uri,
    API_HOST: '127.0.0.1',
    API_PORT: String(port),
    METRICS_PORT: '0',
  };
  const workers = new Map<number, AppProcess>();
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);

  async function start(app: 'api' | 'scheduler' | 'worker', label: string, more: Settings = {}): Promise<AppProcess> {
    const logFile = stateFile(`${logFolder}/${label}.log`);
    const running = await startApp({ app, label, env: { ...env, ...more }, logFile });
    teardown.add(() => running.stop());
    running.failed.catch(fail);
    return running;
  }

  async function startWorker(): Promise<AppProcess> {
    const number = workers.size + 1;
    const worker = await start('worker', `worker-${number}`, options.workerSettings?.(number));
    workers.set(number, worker);
    return worker;
  }

  async function addWorker(): Promise<AppProcess> {
    const worker = await startWorker();
    await worker.waitForLine(/takes jobs/);
    return worker;
  }

  const first: AppProcess[] = [];
  for (let i = 0; i < options.workers; i += 1) first.push(await startWorker());
  await start('scheduler', 'scheduler');
  await start('api', 'api');
  const apiUrl = `http://127.0.0.1:${port}`;
  const up = Promise.all([untilAnswers(apiUrl), ...first.map((worker) => worker.waitForLine(/takes jobs/))]);
  up.catch(() => undefined);
  await Promise.race([up, failed]);
  return { apiUrl, redis, redisIsOurs, workers, addWorker, failed };
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

const START_TIMEOUT_MS = 30_000;

/** Waits until the api answers anything at all. */
async function untilAnswers(url: string): Promise<void> {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const answered = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return;
    if (performance.now() > giveUpAt) throw new Error(`The api at ${url} was not ready after ${START_TIMEOUT_MS} ms.`);
    await delay(50);
  }
}
