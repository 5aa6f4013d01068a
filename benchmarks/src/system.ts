import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, type RunningProcess, startProcess } from '@campaign-manager/local-stack';
import { childrenOf } from './children-of.js';
import type { Bench } from './run.js';

const APPS = fileURLToPath(new URL('../../apps/', import.meta.url));
const READY_WITHIN_MS = 60_000;

export type AppName = 'worker' | 'scheduler' | 'api';

interface RunningApp {
  readonly app: AppName;
  readonly process: RunningProcess;
  /** Its own, and those of the processes that it has started. */
  readonly pids: readonly number[];
  /** Of health and metrics. */
  readonly baseUrl: string;
  /** Where it takes requests; only the api does. */
  readonly apiUrl: string;
}

export interface System {
  readonly pids: readonly number[];
  pidsOf(app: AppName): readonly number[];
  /** Where each api takes requests. */
  readonly apiUrls: readonly string[];
  /** Sum of a metric's series whose labels contain `labels`, over all processes. */
  total(metric: string, labels?: string): Promise<number>;
  /** The upper bound of the bucket in which a quantile of a histogram lies, over all its series. */
  quantile(metric: string, share: number): Promise<number>;
  stop(): Promise<void>;
}

/** So many of one app. Pure. */
export function repeated(app: AppName, count: number): AppName[] {
  return Array.from({ length: count }, () => app);
}

export type Env = Readonly<Record<string, string>>;

/** Starts built apps as processes of their own on the run's database and key space; resolves when all are ready. */
export async function startSystem(bench: Bench, apps: readonly AppName[], more: Env = {}): Promise<System> {
  const running = await allOrNone(apps.map((app, n) => startApp(bench, app, `${app}-${n}`, more)));
  const pages = () =>
    Promise.all(running.map(({ baseUrl }) => fetch(`${baseUrl}/metrics`).then((page) => page.text())));
  return {
    pids: running.flatMap(({ pids }) => pids),
    pidsOf: (name) => running.filter(({ app }) => app === name).flatMap(({ pids }) => pids),
    apiUrls: running.filter(({ app }) => app === 'api').map(({ apiUrl }) => apiUrl),
    total: async (metric, labels = '') => (await pages()).reduce((sum, page) => sum + sumOf(page, metric, labels), 0),
    quantile: async (metric, share) => quantileOf((await pages()).join('\n'), metric, share),
    stop: async () => {
      await Promise.all(running.map(({ process }) => process.stop(60_000)));
    },
  };
}

/** Where one does not come up, the others are stopped. */
async function allOrNone(starting: readonly Promise<RunningApp>[]): Promise<RunningApp[]> {
  try {
    return await Promise.all(starting);
  } catch (error) {
    for (const started of await Promise.allSettled(starting)) {
      if (started.status === 'fulfilled') await started.value.process.stop();
    }
    throw error;
  }
}

async function startApp(bench: Bench, app: AppName, label: string, more: Env): Promise<RunningApp> {
  const port = await freePort();
  const apiPort = await freePort();
  const listening = { METRICS_PORT: String(port), API_HOST: '127.0.0.1', API_PORT: String(apiPort) };
  const env = { ...environment(bench), ...listening, ...more };
  const process = startProcess({ label, file: `${APPS}${app}/dist/main.js`, env });
  const baseUrl = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([untilReady(label, baseUrl), process.exited.then(() => fail(label, process.lines()))]);
  } catch (error) {
    await process.stop();
    throw error;
  }
  const pids = [process.pid, ...(await childrenOf(process.pid))];
  return { app, process, pids, baseUrl, apiUrl: `http://127.0.0.1:${apiPort}` };
}

/** Thrown when an app did not come up. */
class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

function fail(label: string, lines: readonly string[]): never {
  throw new NotReadyError(`${label} is not ready:\n${lines.slice(-20).join('\n')}`);
}

async function untilReady(label: string, baseUrl: string): Promise<void> {
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const ready = await fetch(`${baseUrl}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    if (performance.now() > giveUpAt) fail(label, ['no answer in time']);
    await delay(50);
  }
}

/** The same for every run; logs of single messages would be measured instead of the work. */
function environment({ mongo, redis, database, prefix, settings }: Bench): Env {
  return {
    NODE_ENV: 'production',
    LOG_LEVEL: 'ERROR',
    MONGODB_URI: mongo.uri,
    MONGODB_DATABASE: database,
    REDIS_URL: redis.uri,
    REDIS_PREFIX: prefix,
    CAMPAIGN_POLLING_INTERVAL_SECONDS: String(settings.pollingIntervalMs / 1000),
    CAMPAIGN_MAX_BATCH_SIZE: String(settings.batchSize),
    WORKER_CONCURRENT_TASKS: String(settings.tasks),
    DB_CONNECTION_POOL_SIZE: String(settings.poolSize),
  };
}

function sumOf(page: string, metric: string, labels: string): number {
  return page
    .split('\n')
    .filter((line) => line.startsWith(metric) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

function quantileOf(page: string, metric: string, share: number): number {
  const buckets = new Map<number, number>();
  for (const line of page.split('\n')) {
    const [, bound] = line.startsWith(`${metric}_bucket`) ? (/le="([^"]+)"/.exec(line) ?? []) : [];
    if (bound === undefined) continue;
    const upTo = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
    buckets.set(upTo, (buckets.get(upTo) ?? 0) + Number(line.slice(line.lastIndexOf(' ') + 1)));
  }
  const total = buckets.get(Number.POSITIVE_INFINITY) ?? 0;
  const reached = [...buckets].sort(([a], [b]) => a - b).find(([, count]) => count >= share * total);
  return reached?.[0] ?? Number.NaN;
}
