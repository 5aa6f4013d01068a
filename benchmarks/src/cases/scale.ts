import type { SeriesCase } from '../run.js';
import { replies } from './reply.js';
import { type StepSetup, steps } from './step.js';

/** What further processes bring, on the cores that there are. */
export const scaleWorkers = stepCase('scale-workers', 'worker processes', [1, 2, 4], (workers) => ({ workers }));

export const scaleThreads = stepCase('scale-threads', 'WORKER_THREADS of one worker app', [1, 2, 4], (threads) => ({
  env: { WORKER_THREADS: String(threads) },
}));

export const scaleSchedulers = stepCase('scale-schedulers', 'schedulers, with two worker processes', [1, 2], (n) => ({
  workers: 2,
  schedulers: n,
}));

export const scaleApis: SeriesCase = {
  kind: 'series',
  name: 'scale-apis',
  unit: 'replies',
  what: 'as reply, with several api processes that share the 64 connections; until all are applied, and until all are answered',
  pointUnit: 'api processes',
  points: { full: [1, 2], quick: [1, 2] },
  size: { full: 20_000, quick: 2000 },
  repeat: { full: 2, quick: 1 },
  run: (bench, apis, size) => replies(bench, size, apis),
};

function stepCase(
  name: string,
  pointUnit: string,
  points: readonly number[],
  setup: (point: number) => StepSetup,
): SeriesCase {
  return {
    kind: 'series',
    name,
    unit: 'conversations',
    what: `as step, by the number of ${pointUnit}`,
    pointUnit,
    points: { full: points, quick: points },
    size: { full: 20_000, quick: 2000 },
    repeat: { full: 2, quick: 1 },
    async run(bench, point, size) {
      const { more, ...run } = await steps(bench, size, setup(point));
      return run;
    },
  };
}
