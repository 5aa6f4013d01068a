import type { Store } from '@campaign-manager/core/store';
import type { LocalService } from '@campaign-manager/local-stack';

/** CPU time by whose processes used it. Seconds. */
export interface Cpu {
  readonly ours: number;
  readonly mongodb: number;
  readonly redis: number;
}

/** One measured run of a case or of its floor. */
export interface Run {
  /** What was done: conversations, messages, replies. */
  readonly units: number;
  readonly seconds: number;
  readonly cpu: Cpu;
  /** Memory of our largest process at the end of the run. */
  readonly bytes: number;
  /** Further figures of this case alone, by name. */
  readonly more?: Readonly<Record<string, number>>;
}

/** What every run gets: its own database and key space, dropped afterwards. */
export interface Bench {
  readonly mongo: LocalService;
  readonly redis: LocalService;
  readonly store: Store;
  readonly database: string;
  readonly prefix: string;
  readonly settings: Settings;
}

/** The dials, the same on both sides. */
export interface Settings {
  /** `CAMPAIGN_MAX_BATCH_SIZE` */
  readonly batchSize: number;
  /** `WORKER_CONCURRENT_TASKS`, and the floor's jobs at once. */
  readonly tasks: number;
}

export interface Case {
  readonly name: string;
  /** What one unit is, in the plural. */
  readonly unit: string;
  /** One sentence each: what is measured, and what it is compared with. */
  readonly what: string;
  readonly floorWhat: string;
  /** Units of a whole and of a quick run. */
  readonly size: { readonly full: number; readonly quick: number };
  run(bench: Bench, size: number): Promise<Run>;
  floor(bench: Bench, size: number): Promise<Run>;
}
