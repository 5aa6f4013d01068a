import { join } from 'node:path';
import { type RunningProcess, startProcess } from '@campaign-manager/testkit';

const ROOT = join(__dirname, '..', '..');

export interface TestSystemOptions {
  readonly mongodbUri: string;
  readonly database: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the built applications as processes of their own, all on one database and one prefix. */
export function createTestSystem(options: TestSystemOptions) {
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
  const spawn = (app: string, label: string): RunningProcess =>
    startProcess({ label, file: join(ROOT, 'apps', app, 'dist', 'main.js'), env });
  return {
    /** Starts a process without waiting for it to work. */
    spawn,
    startScheduler: async () => {
      const process = spawn('scheduler', 'scheduler');
      await process.waitForLine(/The scheduler polls/);
      return process;
    },
    startWorker: async (label = 'worker') => {
      const process = spawn('worker', label);
      await process.waitForLine(/The worker takes jobs/);
      return process;
    },
  };
}
