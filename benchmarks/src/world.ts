import { randomBytes } from 'node:crypto';
import { connectStore, migrate } from '@campaign-manager/core/store';
import { type LocalService, startMongo, startRedis } from '@campaign-manager/local-stack';
import { Redis } from 'ioredis';
import type { Bench, Settings } from './run.js';

/** MongoDB and Redis of this benchmark alone. */
export interface World {
  readonly mongo: LocalService;
  readonly redis: LocalService;
  readonly settings: Settings;
  stop(): Promise<void>;
}

/** Starts both; what it took goes to `say`. */
export async function startWorld(settings: Settings, say: (line: string) => void): Promise<World> {
  const mongo = await startMongo({ log: say });
  try {
    const redis = await startRedis({ log: say });
    say(`${mongo.source} ${redis.source}`);
    const stop = async () => {
      await Promise.all([redis.stop(), mongo.stop()]);
    };
    return { mongo, redis, settings, stop };
  } catch (error) {
    await mongo.stop();
    throw error;
  }
}

/** A database and a key space that nobody had before. */
export interface OwnDatabase {
  readonly bench: Omit<Bench, 'stepRate'>;
  /** Drops the database. */
  close(): Promise<void>;
}

export async function openDatabase({ mongo, redis, settings }: World): Promise<OwnDatabase> {
  const id = `bench_${randomBytes(4).toString('hex')}`;
  const store = await connectStore({ uri: mongo.uri, database: id, poolSize: 5, maxIdleMs: 30_000, appName: 'bench' });
  await migrate(store);
  return {
    bench: { mongo, redis, store, database: id, prefix: id, settings },
    close: async () => {
      await store.connection.dropDatabase();
      await store.close();
    },
  };
}

/** Redis is the benchmark's own: every run finds it empty. */
export async function emptyRedis({ redis }: World): Promise<void> {
  const client = new Redis(redis.uri);
  try {
    await client.flushall();
  } finally {
    client.disconnect();
  }
}
