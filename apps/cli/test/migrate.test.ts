import { connectStore, type Store } from '@campaign-manager/core/store';
import {
  createTestSystem,
  dropDatabase,
  dropKeys,
  type RunningProcess,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { runCli } from './support/run-cli.js';

const database = testDatabaseName('migrate_cli');
const redisPrefix = testRedisPrefix('migrate_cli');
const env = { MONGODB_URI: testMongoUri(), MONGODB_DATABASE: database, REDIS_URL: testRedisUrl() };
const NEEDS = 'The database is at schema 0, this version needs 1: run `campaign migrate`.';

let store: Store;
beforeAll(async () => {
  store = await connectStore({ uri: testMongoUri(), database, poolSize: 2, maxIdleMs: 0, appName: 'test' });
});
afterAll(async () => {
  await store.close();
  await dropDatabase(database);
  await dropKeys(redisPrefix);
});

describe('campaign migrate', () => {
  it('is what every app waits for: alive, not ready with the reason, and at work once it has run', async () => {
    const system = createTestSystem({ mongodbUri: testMongoUri(), database, redisUrl: testRedisUrl(), redisPrefix });
    const apps = [
      system.spawn('api', 'api', { API_HOST: '127.0.0.1', API_PORT: '0' }),
      system.spawn('scheduler', 'scheduler'),
      system.spawn('worker', 'worker'),
      system.spawn('worker', 'worker of two processes', { WORKER_THREADS: '2' }),
    ];
    try {
      const ports = await Promise.all(apps.map(healthPort));
      for (const port of ports) {
        await until(async () => (await ask(port, 'ready')).text.includes(NEEDS), {
          timeoutMs: 60_000,
          describe: 'the reason is told',
        });
        expect((await ask(port, 'ready')).status).toBe(503);
        expect((await ask(port, 'live')).status).toBe(200);
      }
      expect((await runCli(['doctor'], env)).stdout).toContain(
        `wrong  Schema of the database ${database}: The database`,
      );

      const { code, stdout, stderr } = await runCli(['migrate'], env);

      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('created  conversation_states campaign_id_1_next_action_at_1__id_1\n');
      expect(stdout).toMatch(/The database went from schema 0 to 1\.\n$/);
      for (const port of ports) {
        await until(async () => (await ask(port, 'ready')).status === 200, {
          timeoutMs: 60_000,
          describe: 'the app is ready',
        });
      }
      for (const app of apps.slice(0, 3)) {
        expect(app.lines().filter((line) => line.includes('does not suit'))).toHaveLength(1);
        expect(app.lines().filter((line) => line.includes('suits this version; going on'))).toHaveLength(1);
      }
      expect((await runCli(['doctor'], env)).stdout).toContain(`ok     Schema of the database ${database}: 1`);
    } finally {
      await Promise.all(apps.map((app) => app.stop()));
    }
  }, 150_000);

  it('has nothing to do again, and tells of indexes that it does not know', async () => {
    expect((await runCli(['migrate'], env)).stdout).toBe('The database is at schema 1: nothing to do.\n');
    await store.messages.collection.createIndex({ subject: 1 });

    expect((await runCli(['migrate'], env)).stdout).toBe(
      'unknown  messages subject_1 (--drop-unknown-indexes drops it)\nThe database is at schema 1: nothing to do.\n',
    );
    expect((await runCli(['migrate', '--drop-unknown-indexes'], env)).stdout).toBe(
      'dropped  messages subject_1\nThe database is at schema 1.\n',
    );
    expect(JSON.parse((await runCli(['migrate', '--json'], env)).stdout)).toMatchObject({ unknown: [], to: 1 });
  }, 60_000);

  it('refuses a database that only a later version can work with, and says what is wrong with the configuration', async () => {
    await store.installation.updateOne({ _id: 'schema' }, { version: 9, compatible_from: 8 });

    expect(await runCli(['migrate'], env)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'The database is at schema 9, which needs apps of schema 8 or later; this version knows 1: run a later version.\n',
    });
    const { code, stderr } = await runCli(['migrate'], { ...env, MONGODB_URI: 'somewhere' });
    expect([code, stderr.split('\n')]).toEqual([
      78, // the chart's migration does not try again
      ['The configuration has faults.', expect.stringContaining('MONGODB_URI'), expect.stringMatching(/^Hint: /), ''],
    ]);
  }, 60_000);
});

it('what MongoDB refuses is told in one line and a hint', async () => {
  const otherCase = database.toUpperCase(); // MongoDB takes no second database whose name differs by case only

  const { code, stdout, stderr } = await runCli(['migrate'], { ...env, MONGODB_DATABASE: otherCase });

  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^MongoDB did not do it \(.*different.* case.*\)\.\nHint: `campaign doctor`.*\n$/);
}, 30_000);

async function healthPort(process: RunningProcess): Promise<number> {
  const line = await process.waitForLine(/Health and metrics are served/);
  return (JSON.parse(line) as { port: number }).port;
}

async function ask(port: number, what: 'ready' | 'live'): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${port}/health/${what}`);
  return { status: response.status, text: await response.text() };
}
