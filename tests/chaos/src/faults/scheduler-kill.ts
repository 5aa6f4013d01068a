import type { Fault } from '../fault.js';
import { createTraffic } from '../traffic.js';

/** The only scheduler is killed and stays away for a moment; what falls due meanwhile is found when it is back. */
export const schedulerKill: Fault = {
  name: 'scheduler-kill',
  about: 'SIGKILL of the only scheduler; it is started again up to 2 s later',
  plan: (dose) => {
    const { times } = dose;
    const traffic = createTraffic('scheduler-kill', dose);
    return {
      loads: traffic.loads,
      launchesItself: true,
      inject: async (world) => {
        for (let n = 0; n < times; n++) {
          await traffic.keepUp(world);
          await world.wait(500 + world.random() * 1500);
          const [victim] = world.schedulers.running;
          if (victim === undefined) continue;
          const strike = world.struck();
          await world.schedulers.kill(victim);
          await world.wait(world.random() * 2000);
          await world.schedulers.add();
          strike.from = Date.now();
        }
      },
      allowance: () => ({ unknownAtMost: 0 }),
    };
  },
};
