import { comparePairs, median } from './compare.js';
import type { Run } from './run.js';

const run = (units: number, seconds: number): Run => ({
  units,
  seconds,
  cpu: { ours: 0, mongodb: 0, redis: 0 },
  bytes: 0,
});

describe('a comparison', () => {
  it('takes the median of the ratios, not the ratio of the medians: a pair shares the mood of its machine', () => {
    const pairs = [
      { run: run(100, 1), floor: run(100, 0.5) },
      { run: run(100, 4), floor: run(100, 1) },
      { run: run(100, 2), floor: run(100, 1) },
    ];
    expect(comparePairs(pairs)).toEqual({ rate: 50, floorRate: 100, ratio: 0.5, ratioMin: 0.25, ratioMax: 0.5 });
  });

  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])('has a median: of %j it is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
