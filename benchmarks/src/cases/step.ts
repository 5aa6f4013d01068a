import { runFloor } from '../floors/run-floor.js';
import { prepareDue, startCampaignNow } from '../prepare.js';
import type { Bench, Case, Run } from '../run.js';
import { type Env, startSystem } from '../system.js';
import { untilAtLeast } from '../until.js';
import { cpuBetween, usage } from '../usage.js';

const TIMEOUT_MS = 300_000;

/** Conversations that are due, each with one message, through a channel that writes nothing. */
export const step: Case = {
  name: 'step',
  unit: 'conversations',
  what: 'scheduler and one worker: due, decided, delivered (channel log, silent), recorded',
  floorWhat: 'batch jobs, compare-and-set, ledger insert, record update',
  size: { full: 50_000, quick: 5000 },
  run: (bench, size) => steps(bench, size),
  floor: async (bench, size) => {
    await prepareDue(bench.store, size);
    return runFloor(bench, { name: 'step', size });
  },
};

/** The run of a step, through the channel that `env` sets up. */
export async function steps(bench: Bench, size: number, env: Env = {}): Promise<Run> {
  const { store } = bench;
  await prepareDue(store, size);
  const system = await startSystem(bench, ['worker', 'scheduler'], env);
  try {
    const before = await usage(bench, system.pids);
    const started = performance.now();
    await startCampaignNow(store, 'bench', { channel: env['SMTP_URL'] === undefined ? 'log' : 'email' });
    await untilAtLeast(size, () => system.total('communication_messages_total', 'outcome="sent"'), TIMEOUT_MS);
    const seconds = (performance.now() - started) / 1000;
    const after = await usage(bench, system.pids);
    const window = 'communication_ambiguous_window_seconds';
    const more = {
      window_mean: (await system.total(`${window}_sum`)) / (await system.total(`${window}_count`)),
      window_p50: await system.quantile(window, 0.5),
      window_p99: await system.quantile(window, 0.99),
      gate_p99: await system.quantile('communication_gate_to_wire_seconds', 0.99),
    };
    return { units: size, seconds, cpu: cpuBetween(before.cpu, after.cpu), bytes: after.bytes, more };
  } finally {
    await system.stop();
  }
}
