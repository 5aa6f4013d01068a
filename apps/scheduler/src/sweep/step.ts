import type { CampaignDocument } from '@campaign-manager/core/models';
import type { Ports } from '@campaign-manager/ports';
import type { Memory } from '../memory.js';

/** What every step of one sweep sees. */
export interface Sweep {
  /** MongoDB's time, in milliseconds. */
  readonly now: number;
  /** The campaigns that are scheduled, run, are paused or being cancelled. */
  readonly campaigns: readonly CampaignDocument[];
  readonly memory: Memory;
}

/** Finds one kind of what a crash left behind, by an index and within a limit, and sets it going again. */
export type SweepStep = (context: Ports, sweep: Sweep) => Promise<void>;
