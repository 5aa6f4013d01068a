import { runFloor } from '../floors/run-floor.js';
import { prepareConversations, prepareRecipients } from '../prepare.js';
import type { Case } from '../run.js';
import { steps } from './step.js';

/** What the design buys: the same step, and the way people would write it. */
export const naive: Case = {
  name: 'naive',
  unit: 'conversations',
  what: 'as step',
  floorWhat: 'one delayed job a message, in it findOne and save of whole documents (not a floor: a common way)',
  size: { full: 10_000, quick: 2000 },
  run: (bench, size) => steps(bench, size, 1),
  floor: async (bench, size) => {
    await prepareRecipients(bench.store, size);
    await prepareConversations(bench.store, 'bench', size, await bench.store.serverTime());
    return runFloor(bench, { name: 'naive', size });
  },
};
