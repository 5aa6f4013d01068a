import type { Fault } from '../fault.js';
import { createTraffic } from '../traffic.js';
import { jobTrouble } from '../world/job-trouble.js';

const MOST = 4;

/** Schedulers come and go, one to four at once, some of them by SIGKILL: there is no leader to be lost. */
export const schedulers: Fault = {
  name: 'schedulers',
  about: 'one to four schedulers at once, which come and go',
  plan: (dose) => {
    const { times } = dose;
    const traffic = createTraffic('schedulers', dose);
    return {
      loads: traffic.loads,
      launchesItself: true,
      inject: async (world) => {
        let growing = true;
        for (let n = 0; n < times; n++) {
          await traffic.keepUp(world);
          const { running } = world.schedulers;
          if (running.length >= MOST) growing = false;
          if (running.length <= 1) growing = true;
          world.struck();
          const victim = running[Math.floor(world.random() * running.length)];
          if (growing || victim === undefined) await world.schedulers.add();
          else if (world.random() < 0.5) await world.schedulers.kill(victim);
          else await world.schedulers.stop(victim);
          await world.wait(300 + world.random() * 700);
        }
      },
      allowance: () => ({ unknownAtMost: 0 }),
      check: jobTrouble,
    };
  },
};
