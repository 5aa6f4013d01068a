import type { SeriesCase } from '../run.js';
import { steps } from './step.js';

/** What further worker processes bring, on the cores that there are. */
export const scale: SeriesCase = {
  kind: 'series',
  name: 'scale',
  unit: 'conversations',
  what: 'as step, with several worker processes',
  pointUnit: 'worker processes',
  points: { full: [1, 2, 4], quick: [1, 2, 4] },
  size: { full: 20_000, quick: 2000 },
  repeat: { full: 2, quick: 1 },
  async run(bench, workers, size) {
    const { more, ...run } = await steps(bench, size, { workers });
    return run;
  },
};
