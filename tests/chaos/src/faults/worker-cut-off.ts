import type { Dose, Fault, Plan } from '../fault.js';
import { openAtOnce } from '../world/dials.js';
import { type Harmed, harmedMongo } from '../world/harmed-services.js';
import { LEASE_MS } from '../world/world.js';
import { steadyLoad } from './steady-load.js';

/**
 * One worker alone loses its way to MongoDB, for longer than its leases last; what it had written meanwhile (claims,
 * outcomes, decisions) arrives late, when others have taken over.
 */
export const workerCutOff: Fault = {
  name: 'worker-cut-off',
  about: 'one worker loses MongoDB for longer than its lease; then all that it wrote arrives late',
  plan: ((dose: Dose): Plan<Harmed> => ({
    loads: [steadyLoad('worker-cut-off', dose, 3 + dose.times * (LEASE_MS / 1000 + 4))],
    world: { workers: 1, services: harmedMongo },
    inject: async (world) => {
      const { proxy } = world.services;
      await world.workers.add({ MONGODB_URI: proxy.uri });
      for (let n = 0; n < dose.times && !(await world.over()); n++) {
        await world.wait(1500 + world.random() * 1500);
        const strike = world.struck();
        proxy.hold();
        await world.wait(LEASE_MS + 1000 + world.random() * 1500);
        proxy.pass();
        strike.from = Date.now();
      }
    },
    allowance: ({ strikes }) => ({ unknownAtMost: strikes.length * openAtOnce() }),
  })) as Fault['plan'],
};
