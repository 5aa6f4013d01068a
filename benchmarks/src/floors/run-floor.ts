import { fileURLToPath } from 'node:url';
import { startProcess } from '@campaign-manager/local-stack';
import type { Bench, Run } from '../run.js';

export interface FloorOrder {
  readonly name: 'init' | 'step' | 'naive';
  readonly size: number;
  /** Where messages go; without it, nowhere. */
  readonly smtpPort?: number;
}

/** What the process of a floor is told. */
export interface FloorTask extends FloorOrder {
  readonly mongodbUri: string;
  readonly mongodbPid: number | undefined;
  readonly redisUrl: string;
  readonly redisPid: number | undefined;
  readonly database: string;
  readonly prefix: string;
  readonly batchSize: number;
  readonly tasks: number;
}

const FILE = fileURLToPath(new URL('./main.js', import.meta.url));
const TIMEOUT_MS = 300_000;

/** Runs a floor in a process of its own, so that its CPU time is its own; answers what it measured. */
export async function runFloor(bench: Bench, order: FloorOrder): Promise<Run> {
  const { mongo, redis, database, prefix, settings } = bench;
  const task: FloorTask = {
    ...order,
    ...settings,
    mongodbUri: mongo.uri,
    mongodbPid: mongo.pid,
    redisUrl: redis.uri,
    redisPid: redis.pid,
    database,
    prefix,
  };
  const child = startProcess({ label: `floor of ${order.name}`, file: FILE, args: [JSON.stringify(task)] });
  try {
    return JSON.parse(await child.waitForLine(/^\{"units"/, TIMEOUT_MS)) as Run;
  } finally {
    await child.stop();
  }
}
