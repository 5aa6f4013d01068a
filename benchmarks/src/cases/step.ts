import { runFloor } from '../floors/run-floor.js';
import { prepareDue } from '../prepare/conversations.js';
import type { Bench, PairCase, Run } from '../run.js';
import { type Env, repeated, startSystem } from '../system.js';
import { measureSteps } from './measure-steps.js';

/** Conversations that are due, each with one message, through a channel that writes nothing. */
export const step: PairCase = {
  kind: 'pair',
  name: 'step',
  unit: 'conversations',
  what: 'scheduler and one worker: due, decided, delivered (channel log, silent), recorded',
  floorWhat: 'batch jobs, compare-and-set, ledger insert, record update',
  size: { full: 50_000, quick: 5000 },
  repeat: { full: 3, quick: 1 },
  run: (bench, size) => steps(bench, size),
  floor: async (bench, size) => {
    await prepareDue(bench.store, size);
    return runFloor(bench, { name: 'step', size });
  },
};

/** How the processes of a run are set up. */
export interface StepSetup {
  /** Worker processes. Default: 1. */
  readonly workers?: number;
  /** Default: 1. */
  readonly schedulers?: number;
  /** By mail, with this environment. Default: into the silent log. */
  readonly mail?: Env;
  /** Further settings. */
  readonly env?: Env;
}

/** The run of a step. */
export async function steps(bench: Bench, size: number, setup: StepSetup = {}): Promise<Run> {
  const { workers = 1, schedulers = 1, mail, env } = setup;
  await prepareDue(bench.store, size);
  const apps = [...repeated('worker', workers), ...repeated('scheduler', schedulers)];
  const system = await startSystem(bench, apps, { ...env, ...mail });
  try {
    const run = await measureSteps(bench, system, size, mail ? 'email' : 'log');
    const window = 'communication_ambiguous_window_seconds';
    const more = {
      window_mean: (await system.total(`${window}_sum`)) / (await system.total(`${window}_count`)),
      window_p50: await system.quantile(window, 0.5),
      window_p99: await system.quantile(window, 0.99),
      gate_p99: await system.quantile('communication_gate_to_wire_seconds', 0.99),
    };
    return { ...run, more };
  } finally {
    await system.stop();
  }
}
