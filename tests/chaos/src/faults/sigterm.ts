import type { Fault } from '../fault.js';
import { createTraffic } from '../traffic.js';
import type { Fleet } from '../world/fleet.js';
import { jobTrouble } from '../world/job-trouble.js';

/** The promise, and the apps' default (`SHUTDOWN_TIMEOUT_SECONDS`). */
const DRAIN_MS = 30_000;
const LATENCY_MS = 25;

/** Apps are asked to stop in the middle of their work, as in every rolling update: they finish what they have begun. */
export const sigterm: Fault = {
  name: 'sigterm',
  about: 'SIGTERM in the middle: drained within 30 s, exit code 0, no stalled job, nothing unknown',
  plan: (dose) => {
    const { times } = dose;
    const complaints: string[] = [];
    const traffic = createTraffic('sigterm', dose);
    return {
      loads: traffic.loads,
      launchesItself: true,
      world: { mailbox: { latencyMs: LATENCY_MS } },
      inject: async (world) => {
        for (let n = 0; n < times; n++) {
          await traffic.keepUp(world);
          await world.wait(300 + world.random() * 700);
          // Mostly workers: they have the most to finish.
          const fleets: readonly Fleet[] = [world.workers, world.workers, world.workers, world.schedulers, world.apis];
          const fleet = fleets[Math.floor(world.random() * fleets.length)] ?? world.workers;
          const [victim] = fleet.running;
          if (victim === undefined) continue;
          world.struck();
          const asked = performance.now();
          const { code, signal } = await fleet.stop(victim, DRAIN_MS + 5000);
          const took = Math.round(performance.now() - asked);
          if (code !== 0) complaints.push(`${victim.label} ended with ${signal ?? `code ${code}`} after ${took} ms`);
          if (took > DRAIN_MS) complaints.push(`${victim.label} took ${took} ms to drain`);
          await fleet.add();
        }
      },
      allowance: () => ({ unknownAtMost: 0 }),
      check: async (world) => [...complaints, ...(await jobTrouble(world))],
    };
  },
};
