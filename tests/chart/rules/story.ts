import type { Labels, Series } from './series.js';

/** What an alert does on what series show. Times are minutes from the beginning of the series. */
export interface Story {
  readonly name: string;
  readonly given: readonly (Series | readonly Series[])[];
  /** Absent: the alert never fires. */
  readonly fires?: Firing;
}

export interface Firing {
  /** The first evaluation at which it fires: at the one before, it does not. */
  readonly from: number;
  /** The first evaluation at which it fires no more. */
  readonly until: number;
  /** Beside the severity. */
  readonly labels?: Labels;
  /** What an operator reads at `from`. */
  readonly summary: string;
  readonly description: string;
}

/** The stories of each alert, by its name. */
export type Stories = Readonly<Record<string, readonly Story[]>>;
