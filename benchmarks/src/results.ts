import type { Pair } from './compare.js';
import type { Case, Run } from './run.js';

/** What a case measured. */
export type CaseResult = PairResult | SeriesResult | NoResult;

interface Named {
  readonly name: string;
  readonly unit: string;
  readonly what: string;
}

export interface PairResult extends Named {
  readonly kind: 'pair';
  readonly floorWhat: string;
  readonly size: number;
  readonly floorSize: number;
  readonly pairs: readonly Pair[];
}

export interface Point {
  readonly at: number;
  readonly runs: readonly Run[];
}

export interface SeriesResult extends Named {
  readonly kind: 'series';
  readonly pointUnit: string;
  readonly size: number;
  readonly points: readonly Point[];
}

/** It failed, or this machine lacks what it needs. */
export interface NoResult extends Named {
  readonly kind: 'skipped' | 'failed';
  readonly reason: string;
}

export function named({ name, unit, what }: Case): Named {
  return { name, unit, what };
}
