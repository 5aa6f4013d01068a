import type { ConversationResult } from '../engine/types.js';
import type { HistogramBar } from './distribution.js';

/** What a statistical simulation foresees. Plain data: the same for the same input and seed. */
export interface SimulationReport {
  readonly template: { readonly id: string; readonly name: string };
  readonly recipients: number;
  readonly seed: number;
  readonly messages: {
    /** Follow-ups included. */
    readonly total: number;
    readonly follow_ups: number;
    /** `follow_ups` of `total`, from 0 to 1. */
    readonly follow_up_share: number;
  };
  /** Those that a conversation still heard. */
  readonly responses: number;
  readonly escalations: number;
  /** In the order of the template. */
  readonly stages: readonly StageReport[];
  /** Stages that nobody entered. */
  readonly unreachable_stages: readonly string[];
  /** The most frequent first. */
  readonly results: readonly ResultReport[];
  readonly completion: CompletionReport;
  /** Days on which something happened; day 0 is the first 24 hours after the launch. */
  readonly days: readonly DayReport[];
}

/** What became of those who entered the stage; a second visit counts again. */
export interface StageReport {
  readonly stage: string;
  readonly title: string;
  readonly entered: number;
  readonly advanced: number;
  /** Ended here with success. */
  readonly completed: number;
  readonly failed: number;
  readonly expired: number;
  readonly opted_out: number;
  readonly messages: number;
  readonly follow_ups: number;
  readonly responses: number;
  readonly escalations: number;
}

export interface ResultReport {
  readonly result: ConversationResult;
  readonly reason: string;
  readonly count: number;
}

export interface CompletionReport {
  /** Conversations that ended, with whatever result. */
  readonly count: number;
  readonly median_hours: number | null;
  /** 95 of 100 have ended by then. */
  readonly p95_hours: number | null;
  readonly histogram: readonly HistogramBar[];
}

export interface DayReport {
  readonly day: number;
  /** Follow-ups included. */
  readonly messages: number;
  readonly follow_ups: number;
  readonly responses: number;
  readonly escalations: number;
  readonly completed: number;
}
