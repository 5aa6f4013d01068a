import { fileURLToPath } from 'node:url';
import { startProcess } from '@campaign-manager/local-stack';
import type { Bench, Run, Settings } from '../run.js';

export interface FloorOrder {
  readonly name: 'init' | 'step' | 'reply' | 'naive';
  readonly size: number;
  /** Where messages go; without it, nowhere. */
  readonly smtpPort?: number;
}

/** What the process of a floor is told. */
export interface FloorTask extends FloorOrder, Settings {
  readonly mongodbUri: string;
  readonly mongodbPid: number | undefined;
  readonly redisUrl: string;
  readonly redisPid: number | undefined;
  readonly database: string;
  readonly prefix: string;
}

const FILE = fileURLToPath(new URL('./main.js', import.meta.url));
const TIMEOUT_MS = 900_000;

/**
 * Runs a floor in a process of its own, so that its CPU time is its own; answers what it measured.
 * @param meanwhile for a floor that listens: gets its address as soon as it does.
 */
export async function runFloor(
  bench: Bench,
  order: FloorOrder,
  meanwhile?: (url: string) => Promise<unknown>,
): Promise<Run> {
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
  const child = startProcess({ label: `the floor of ${order.name}`, file: FILE, args: [JSON.stringify(task)] });
  try {
    if (meanwhile) await meanwhile(await child.waitForLine(/^http:/));
    return JSON.parse(await child.waitForLine(/^\{"units"/, TIMEOUT_MS)) as Run;
  } finally {
    await child.stop();
  }
}
