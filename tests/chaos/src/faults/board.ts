import { mixedFates } from '@campaign-manager/local-stack';
import type { Fault } from '../fault.js';
import { BUTTONS } from '../world/press.js';
import { steadyLoad } from './steady-load.js';

/** Buttons that are pressed one after another each time. */
const PRESSES = 15;
const SECONDS_EACH = 1.5;
/** Of all mails, how many the server puts off, so that messages have jobs as well. */
const DEFERRED = 0.1;

/**
 * Somebody presses the buttons of the board at random: jobs of every kind are removed, repeated, put off and put forward,
 * queues are cleaned, emptied, paused and obliterated. A job is only a hint, so that nothing may come of it.
 */
export const board: Fault = {
  name: 'board',
  about: 'the buttons of the board at /queues, pressed at random; nothing may be unknown (injected: series of 15)',
  plan: (dose) => {
    const worked = new Set<string>();
    return {
      loads: [{ ...steadyLoad('board', dose, 3 + dose.times * SECONDS_EACH), escalateAfterSeconds: 1 }],
      world: {
        env: { QUEUES_WRITABLE: 'true' },
        mailbox: mixedFates(dose.recipients, { deferred: DEFERRED }),
      },
      inject: async (world) => {
        const buttons = Object.entries(BUTTONS);
        for (let n = 0; n < dose.times && !(await world.over()); n++) {
          await world.wait(200 + world.random() * 500);
          const strike = world.struck();
          for (let press = 0; press < PRESSES; press++) {
            const [name, button] = buttons[Math.floor(world.random() * buttons.length)] ?? [];
            if (name !== undefined && (await button?.(world))) worked.add(name);
          }
          strike.from = Date.now();
        }
      },
      allowance: () => ({ unknownAtMost: 0 }),
      check: () => (worked.size === 0 ? ['no button did anything: the fault was not felt'] : []),
    };
  },
};
