import { randomBytes } from 'node:crypto';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RunningProcess } from '@campaign-manager/local-stack';
import { startProcess } from './process.js';

const ROOT = new URL('../../../', import.meta.url);

export type AppName = 'api' | 'scheduler' | 'worker';

export interface TestSystemOptions {
  readonly mongodbUri: string;
  readonly database: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder of another built checkout, whose apps are started instead of ours. */
  readonly root?: string;
  /** Gets every line of output of every process. */
  readonly onLine?: (line: string) => void;
}

/** A running api and a way to call it: answers the body, and throws where the answer is no success. */
export interface Api {
  readonly process: RunningProcess;
  call<T>(method: 'GET' | 'POST', path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T>;
}

export interface TestSystem {
  /** Starts a process without waiting for it to work; `more` overrides its environment. */
  spawn(app: AppName, label: string, more?: Readonly<Record<string, string>>): RunningProcess;
  /** These resolve when the process works. */
  startScheduler(): Promise<RunningProcess>;
  startApi(): Promise<Api>;
  startWorker(label?: string): Promise<RunningProcess>;
}

/** Starts the built applications as processes of their own, all on one database and one prefix. */
export function createTestSystem(options: TestSystemOptions): TestSystem {
  const env = {
    PATH: process.env['PATH'],
    MONGODB_URI: options.mongodbUri,
    MONGODB_DATABASE: options.database,
    REDIS_URL: options.redisUrl,
    REDIS_PREFIX: options.redisPrefix,
    METRICS_PORT: '0',
    CAMPAIGN_POLLING_INTERVAL_SECONDS: '0.5',
    CAMPAIGN_RETRY_DELAY_SECONDS: '1',
    SMTP_TIMEOUT_SECONDS: '2',
    ...options.env,
  };
  const root = options.root === undefined ? ROOT : pathToFileURL(`${options.root}/`);
  const spawn = (app: AppName, label: string, more: Readonly<Record<string, string>> = {}): RunningProcess =>
    startProcess({
      label,
      file: fileURLToPath(new URL(`apps/${app}/dist/main.js`, root)),
      env: { ...env, ...more },
      ...(options.onLine && { onLine: options.onLine }),
    });
  return {
    spawn,
    startScheduler: async () => {
      const process = spawn('scheduler', 'scheduler');
      await process.waitForLine(/The scheduler polls/);
      return process;
    },
    startApi: async (): Promise<Api> => {
      const key = randomBytes(24).toString('hex');
      const process = spawn('api', 'api', { API_HOST: '127.0.0.1', API_PORT: '0', API_BOOTSTRAP_KEY: key });
      const { url } = JSON.parse(await process.waitForLine(/The api listens/)) as { url: string };
      return { process, call: (method, path, body, headers) => call(`${url}${path}`, key, method, body, headers) };
    },
    startWorker: async (label = 'worker') => {
      const process = spawn('worker', label);
      await process.waitForLine(/The worker takes jobs/);
      return process;
    },
  };
}

async function call<T>(url: string, key: string, method: string, body: unknown, headers = {}): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}
