import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  dropDatabase,
  dropKeys,
  startProcess,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';

const ROOT = join(__dirname, '../..');
const ENTRYPOINT = join(ROOT, 'docker/entrypoint.mjs');
const ROLES = 'scheduler, worker, api, migrate, campaign';

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  return { status, stdout, stderr };
}

const enter = (...args: string[]) => run([ENTRYPOINT, ...args]);
const health = (port: number, kind: string) => run(['docker/health.mjs', kind], { METRICS_PORT: `${port}` });

describe("the image's entry point", () => {
  it.each([
    [[], 'No role is given'],
    [['postman'], 'There is no role "postman"'],
    [['constructor'], 'There is no role "constructor"'],
  ])('refuses %j in one line with the roles that there are', (args, found) => {
    expect(enter(...args)).toEqual({ status: 64, stdout: '', stderr: `${found}; expected one of ${ROLES}.\n` });
  });

  it('tells its roles at --help', () => {
    const { status, stdout } = enter('--help');
    expect(status).toBe(0);
    for (const role of ROLES.split(', ')) expect(stdout).toContain(`  ${role}`);
  });

  it('hands arguments on to the command', () => {
    const { status, stdout } = enter('campaign', 'validate', 'examples/templates/sales-outreach.json', '--json');
    expect(status).toBe(0);
    expect(() => JSON.parse(stdout)).not.toThrow();
  });

  it('migrates, then runs a role until SIGTERM, which drains it, and tells its health in the container', async () => {
    const database = testDatabaseName('entrypoint');
    const prefix = testRedisPrefix('entrypoint');
    const env = {
      MONGODB_URI: testMongoUri(),
      MONGODB_DATABASE: database,
      REDIS_URL: testRedisUrl(),
      REDIS_PREFIX: prefix,
      METRICS_PORT: '0',
    };
    expect(run([ENTRYPOINT, 'migrate'], env)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/went from schema 0/),
    });
    const scheduler = startProcess({
      label: 'scheduler',
      file: ENTRYPOINT,
      args: ['scheduler'],
      env: { PATH: process.env['PATH'], ...env },
    });
    const { port } = JSON.parse(await scheduler.waitForLine(/Health and metrics are served/)) as { port: number };
    await scheduler.waitForLine(/The scheduler polls/);
    await until(() => health(port, 'ready').status === 0, { describe: 'the scheduler to be ready' });
    expect(health(port, 'live')).toMatchObject({ status: 0, stdout: expect.stringContaining('live') });

    scheduler.kill('SIGTERM');
    expect(await scheduler.exited).toEqual({ code: 0, signal: null });
    expect(scheduler.lines().some((line) => line.includes('"Stopped"'))).toBe(true);
    expect(health(port, 'live')).toMatchObject({ status: 1, stdout: expect.stringContaining('does not answer') });
    await Promise.all([dropDatabase(database), dropKeys(prefix)]);
  }, 90_000);

  it('ends at SIGTERM while the app still waits for MongoDB, though process 1 has no default action', async () => {
    const scheduler = startProcess({
      label: 'scheduler',
      file: ENTRYPOINT,
      args: ['scheduler'],
      env: { PATH: process.env['PATH'], MONGODB_URI: 'mongodb://127.0.0.1:1', METRICS_PORT: '0' },
    });
    await scheduler.waitForLine(/Health and metrics are served/);
    scheduler.kill('SIGTERM');
    expect(await scheduler.exited).toEqual({ code: 143, signal: null });
  });
});
