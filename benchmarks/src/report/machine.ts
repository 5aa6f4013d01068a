import { cpus, totalmem } from 'node:os';
import { connectStore } from '@campaign-manager/core/store';
import { Redis } from 'ioredis';
import type { Settings } from '../run.js';
import type { World } from '../world.js';

/** What a figure means nothing without. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly mongodb: string;
  readonly redis: string;
  /** As the connection of both sides has it. */
  readonly writeConcern: string;
}

/** Asks the operating system and both servers. */
export async function describeMachine({ mongo, redis }: World): Promise<Machine> {
  const [first] = cpus();
  return {
    cores: cpus().length,
    cpu: first?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    redis: await redisVersion(redis.uri),
    ...(await askMongo(mongo.uri)),
  };
}

async function askMongo(uri: string): Promise<Pick<Machine, 'mongodb' | 'writeConcern'>> {
  const store = await connectStore({ uri, database: 'bench', poolSize: 1, maxIdleMs: 1000, appName: 'bench' });
  try {
    const { version } = await store.connection.getClient().db('admin').command({ buildInfo: 1 });
    const { w, journal } = store.connection.getClient().options.writeConcern;
    return { mongodb: version, writeConcern: `w: ${w}, journal: ${journal}` };
  } finally {
    await store.close();
  }
}

async function redisVersion(uri: string): Promise<string> {
  const client = new Redis(uri);
  try {
    const info = await client.info('server');
    const [, valkey] = /valkey_version:(\S+)/.exec(info) ?? [];
    const [, redis] = /redis_version:(\S+)/.exec(info) ?? [];
    return valkey === undefined ? `Redis ${redis}` : `Valkey ${valkey}`;
  } finally {
    client.disconnect();
  }
}

/** What stands above the table. Pure. */
export function renderMachine(machine: Machine, settings: Settings): string {
  const { cores, cpu, memoryGb, node, mongodb, redis, writeConcern } = machine;
  return [
    `Machine: ${cores} cores, ${cpu}, ${memoryGb} GB, Node.js ${node}`,
    `Services: MongoDB ${mongodb}, ${redis}; write concern on both sides: ${writeConcern}`,
    `Settings: batches of ${settings.batchSize}, ${settings.tasks} tasks at once, ${settings.poolSize} connections to MongoDB, a poll every ${settings.pollingIntervalMs} ms`,
  ].join('\n');
}
