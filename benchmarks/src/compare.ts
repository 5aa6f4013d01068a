import type { Run } from './run.js';

export interface Pair {
  readonly run: Run;
  readonly floor: Run;
}

/** What several pairs say together. Rates are units a second. */
export interface Comparison {
  readonly rate: number;
  readonly floorRate: number;
  readonly ratio: number;
  readonly ratioMin: number;
  readonly ratioMax: number;
}

export function rateOf({ units, seconds }: Run): number {
  return units / seconds;
}

/** Medians over pairs that ran one after the other: a ratio means something where an absolute time does not. Pure. */
export function comparePairs(pairs: readonly Pair[]): Comparison {
  const ratios = pairs.map(({ run, floor }) => rateOf(run) / rateOf(floor));
  return {
    rate: median(pairs.map(({ run }) => rateOf(run))),
    floorRate: median(pairs.map(({ floor }) => rateOf(floor))),
    ratio: median(ratios),
    ratioMin: Math.min(...ratios),
    ratioMax: Math.max(...ratios),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
