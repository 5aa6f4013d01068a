import { fileURLToPath } from 'node:url';
import { type RunningProcess, startProcess } from '@campaign-manager/local-stack';
import type { Bench } from './run.js';

const APPS = fileURLToPath(new URL('../../apps/', import.meta.url));

export interface RunningApp {
  readonly process: RunningProcess;
  readonly metricsUrl: string;
  readonly lines: readonly string[];
}

export interface System {
  readonly apps: readonly RunningApp[];
  readonly pids: readonly number[];
  /** Sum of a counter over all processes, of the series whose labels contain `labels`. */
  total(metric: string, labels?: string): Promise<number>;
  stop(): Promise<void>;
}

type Env = Readonly<Record<string, string>>;

/** Starts built apps as processes of their own on the run's database and key space; resolves when all are at work. */
export async function startSystem(
  bench: Bench,
  apps: readonly { readonly app: 'worker' | 'scheduler' | 'api'; readonly ready: RegExp }[],
  more: Env = {},
): Promise<System> {
  const running = await Promise.all(apps.map(({ app, ready }, n) => startApp(bench, app, `${app}-${n}`, ready, more)));
  return {
    apps: running,
    pids: running.map(({ process }) => process.pid),
    total: async (metric, labels = '') => {
      const pages = await Promise.all(running.map(({ metricsUrl }) => fetch(metricsUrl).then((page) => page.text())));
      return pages.reduce((sum, page) => sum + sumOf(page, metric, labels), 0);
    },
    stop: async () => {
      await Promise.all(running.map(({ process }) => process.stop(60_000)));
    },
  };
}

export const WORKER = { app: 'worker', ready: /The worker takes jobs/ } as const;
export const SCHEDULER = { app: 'scheduler', ready: /The scheduler polls/ } as const;

async function startApp(bench: Bench, app: string, label: string, ready: RegExp, more: Env): Promise<RunningApp> {
  const process = startProcess({ label, file: `${APPS}${app}/dist/main.js`, env: { ...environment(bench), ...more } });
  const served = JSON.parse(await process.waitForLine(/Health and metrics are served/)) as { readonly port: number };
  await process.waitForLine(ready, 60_000);
  return { process, metricsUrl: `http://127.0.0.1:${served.port}/metrics`, lines: process.lines() };
}

function environment({ mongo, redis, database, prefix, settings }: Bench): Env {
  return {
    NODE_ENV: 'production',
    MONGODB_URI: mongo.uri,
    MONGODB_DATABASE: database,
    REDIS_URL: redis.uri,
    REDIS_PREFIX: prefix,
    METRICS_PORT: '0',
    CAMPAIGN_POLLING_INTERVAL_SECONDS: '0.5',
    CAMPAIGN_MAX_BATCH_SIZE: String(settings.batchSize),
    WORKER_CONCURRENT_TASKS: String(settings.tasks),
  };
}

function sumOf(page: string, metric: string, labels: string): number {
  return page
    .split('\n')
    .filter((line) => line.startsWith(metric) && !line.startsWith('#') && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
