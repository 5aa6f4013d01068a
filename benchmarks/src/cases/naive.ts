import { runFloor } from '../floors/run-floor.js';
import { prepareDue } from '../prepare/conversations.js';
import type { PairCase } from '../run.js';
import { steps } from './step.js';

/** What the design buys: the same step, and the way people would write it. */
export const naive: PairCase = {
  kind: 'pair',
  name: 'naive',
  unit: 'conversations',
  what: 'as step',
  floorWhat: 'one delayed job a message, in it findOne and save of whole documents (not a floor: a common way)',
  size: { full: 20_000, quick: 2000 },
  repeat: { full: 3, quick: 1 },
  floorSize: { full: 5000, quick: 500 },
  run: (bench, size) => steps(bench, size),
  floor: async (bench, size) => {
    await prepareDue(bench.store, size);
    return runFloor(bench, { name: 'naive', size });
  },
};
