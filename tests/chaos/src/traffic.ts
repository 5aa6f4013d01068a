import type { Dose } from './fault.js';
import type { Load } from './load.js';
import type { World } from './world/world.js';

/** Campaigns that follow each other for as long as a fault needs something to disturb, however fast the machine is. */
export interface Traffic {
  /** Those launched so far; grows. */
  readonly loads: readonly Load[];
  /** Launches another campaign where fewer than two are under way. */
  keepUp(world: World): Promise<void>;
}

const AT_ONCE = 2;

/** @param campaign the campaigns are called that, with a number. */
export function createTraffic(campaign: string, { policy, recipients }: Dose): Traffic {
  const base = { policy, recipients, stages: 4, followUps: 1, gapSeconds: 1, replyEvery: 5 };
  const loads: Load[] = [];
  return {
    loads,
    keepUp: async (world) => {
      while (loads.length - (await world.ended()) < AT_ONCE) {
        const load = { ...base, campaign: `${campaign}-${loads.length}` };
        loads.push(load);
        await world.launch(load);
      }
    },
  };
}
