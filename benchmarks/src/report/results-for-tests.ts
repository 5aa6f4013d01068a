import type { PairResult, SeriesResult } from '../results.js';
import type { Run } from '../run.js';

/** A run of so many units a second, with a little of everything. For tests. */
export function run(rate: number, more: Partial<Run> = {}): Run {
  return { units: rate, seconds: 1, cpu: { ours: 1, mongodb: 0.5, redis: 0.1 }, bytes: 100e6, ...more };
}

export function pairResult(name: string, ours: Run, floor: Run): PairResult {
  const pairs = [{ run: ours, floor }];
  return { kind: 'pair', name, unit: 'steps', what: '', floorWhat: '', size: 1, floorSize: 1, pairs };
}

export function seriesResult(name: string, points: Readonly<Record<number, Run>>): SeriesResult {
  return {
    kind: 'series',
    name,
    unit: 'steps',
    what: '',
    pointUnit: 'stored',
    size: 1,
    points: Object.entries(points).map(([at, one]) => ({ at: Number(at), runs: [one] })),
  };
}
