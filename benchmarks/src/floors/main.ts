import { connectStore } from '@campaign-manager/core/store';
import { cpuBetween, usage } from '../usage.js';
import { initFloor } from './init.js';
import { naive } from './naive.js';
import type { FloorTask } from './run-floor.js';
import { stepFloor } from './step.js';

/** A floor prepares, then does its work between two readings of the clock. */
export type Floor = (store: Awaited<ReturnType<typeof connectStore>>, task: FloorTask) => Promise<() => Promise<void>>;

const FLOORS: Readonly<Record<FloorTask['name'], Floor>> = { init: initFloor, step: stepFloor, naive };

const task = JSON.parse(process.argv[2] ?? '') as FloorTask;
const store = await connectStore({
  uri: task.mongodbUri,
  database: task.database,
  poolSize: 20,
  maxIdleMs: 30_000,
  appName: 'floor',
});
const work = await FLOORS[task.name](store, task);
const services = {
  mongo: { pid: task.mongodbPid },
  redis: { pid: task.redisPid },
} as Parameters<typeof usage>[0];
const before = await usage(services, [process.pid]);
const started = performance.now();
await work();
const seconds = (performance.now() - started) / 1000;
const after = await usage(services, [process.pid]);
console.log(JSON.stringify({ units: task.size, seconds, cpu: cpuBetween(before.cpu, after.cpu), bytes: after.bytes }));
process.exit(0);
