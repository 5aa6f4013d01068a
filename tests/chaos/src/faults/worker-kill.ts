import type { Fault } from '../fault.js';
import { createTraffic } from '../traffic.js';
import { openAtOnce } from '../world/dials.js';

const WORKERS = 3;
/** Between two kills, while the killed one's successor starts. */
const PAUSE_MS = { from: 200, to: 900 };
/** How long the mailbox takes with each mail: so that a kill hits messages that are on the wire. */
const LATENCY_MS = 25;

/** SIGKILL of random workers in the middle of their work; each is replaced. */
export const workerKill: Fault = {
  name: 'worker-kill',
  about: 'SIGKILL of a random worker, again and again; each is replaced',
  plan: (dose) => {
    const { times } = dose;
    const traffic = createTraffic('worker-kill', dose);
    return {
      loads: traffic.loads,
      launchesItself: true,
      world: { workers: WORKERS, mailbox: { latencyMs: LATENCY_MS } },
      inject: async (world) => {
        for (let n = 0; n < times; n++) {
          await traffic.keepUp(world);
          await world.wait(PAUSE_MS.from + world.random() * (PAUSE_MS.to - PAUSE_MS.from));
          const victim = world.workers.running[Math.floor(world.random() * world.workers.running.length)];
          if (victim === undefined) continue;
          world.struck();
          await world.workers.kill(victim);
          await world.workers.add();
        }
      },
      allowance: ({ strikes }) => ({ unknownAtMost: strikes.length * openAtOnce() }),
    };
  },
};
