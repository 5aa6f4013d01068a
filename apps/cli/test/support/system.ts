import { join } from 'node:path';
import {
  dropDatabase,
  dropKeys,
  startProcess,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
} from '@campaign-manager/testkit';
import { type CliRun, ROOT, runCli } from './run-cli.js';

const KEY = 'a-key-for-the-tests-of-the-command';

export interface TestSystem {
  /** The variables that the apps have. */
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  /** The command, pointed at this system by its environment. */
  cli(...args: string[]): Promise<CliRun>;
  /** As `cli`, with a text on its standard input. */
  cliWithInput(input: string, ...args: string[]): Promise<CliRun>;
  post(path: string, body: object): Promise<void>;
  stop(): Promise<void>;
}

/** An api and a worker as processes of their own; messages go to the log. */
export async function startTestSystem(label: string): Promise<TestSystem> {
  const database = testDatabaseName(label);
  const redisPrefix = testRedisPrefix(label);
  const env = {
    MONGODB_URI: testMongoUri(),
    MONGODB_DATABASE: database,
    REDIS_URL: testRedisUrl(),
    REDIS_PREFIX: redisPrefix,
    METRICS_PORT: '0',
    API_HOST: '127.0.0.1',
    API_PORT: '0',
    API_BOOTSTRAP_KEY: KEY,
  };
  const start = (app: string) =>
    startProcess({
      label: app,
      file: join(ROOT, 'apps', app, 'dist', 'main.js'),
      env: { PATH: process.env['PATH'], ...env },
    });
  const migrated = await runCli(['migrate'], env);
  if (migrated.code !== 0) throw new Error(migrated.stderr);
  const api = start('api');
  const line = await api.waitForLine(/The api listens/);
  const worker = start('worker');
  await worker.waitForLine(/The worker takes jobs/);
  const url = (JSON.parse(line) as { readonly url: string }).url;
  return {
    env,
    url,
    post: async (path, body) => {
      const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
      const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(await response.text());
    },
    cli: (...args) => runCli(args, { CAMPAIGN_API_URL: url, CAMPAIGN_API_KEY: KEY }),
    cliWithInput: (input, ...args) => runCli(args, { CAMPAIGN_API_URL: url, CAMPAIGN_API_KEY: KEY }, input),
    stop: async () => {
      await Promise.all([worker.stop(), api.stop()]);
      await dropKeys(redisPrefix);
      await dropDatabase(database);
    },
  };
}
