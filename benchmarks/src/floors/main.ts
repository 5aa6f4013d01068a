import { connectStore, type Store } from '@campaign-manager/core/store';
import { cpuBetween, usage } from '../usage.js';
import { initFloor } from './init.js';
import { naive } from './naive.js';
import { replyFloor } from './reply.js';
import type { FloorTask } from './run-floor.js';
import { stepFloor } from './step.js';

/** What a floor does between two readings of the clock. */
export interface FloorWork {
  /** Where the work comes from outside: it listens there, and the clock starts with the first request. */
  readonly listening?: { readonly url: string; readonly firstRequest: Promise<void> };
  work(): Promise<void>;
}

/** A floor prepares, and answers its work. */
export type Floor = (store: Store, task: FloorTask) => Promise<FloorWork>;

const FLOORS: Readonly<Record<FloorTask['name'], Floor>> = {
  init: initFloor,
  step: stepFloor,
  reply: replyFloor,
  naive,
};

const task = JSON.parse(process.argv[2] ?? '') as FloorTask;
const store = await connectStore({
  uri: task.mongodbUri,
  database: task.database,
  poolSize: task.poolSize,
  maxIdleMs: 30_000,
  appName: 'floor',
});
const { listening, work } = await FLOORS[task.name](store, task);
const services = { mongo: { pid: task.mongodbPid }, redis: { pid: task.redisPid } };
const before = await usage(services, [process.pid]);
if (listening) {
  console.log(listening.url);
  await listening.firstRequest;
}
const started = performance.now();
await work();
const seconds = (performance.now() - started) / 1000;
const after = await usage(services, [process.pid]);
console.log(JSON.stringify({ units: task.size, seconds, cpu: cpuBetween(before.cpu, after.cpu), bytes: after.bytes }));
process.exit(0);
