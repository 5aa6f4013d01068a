import type { Store } from '@campaign-manager/core/store';
import type { LocalService } from '@campaign-manager/local-stack';

/** CPU time by whose processes used it. Seconds. */
export interface Cpu {
  readonly ours: number;
  readonly mongodb: number;
  readonly redis: number;
}

/** Milliseconds, by nearest rank. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** One measured run of a case or of its floor. */
export interface Run {
  /** What was done: conversations, messages, replies. */
  readonly units: number;
  readonly seconds: number;
  readonly cpu: Cpu;
  /** Memory of our largest process: at the end of the run, or at its peak where the case says so. */
  readonly bytes: number;
  /** Of what, the case says. */
  readonly latency?: Latency;
  /** Average size of what stands in the database afterwards, by collection. Bytes of BSON. */
  readonly documents?: Readonly<Record<string, number>>;
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
  /** Steps a second that this run of the benchmark has measured already; null: none yet. */
  readonly stepRate: number | null;
}

/** The dials, the same on both sides. */
export interface Settings {
  /** `CAMPAIGN_MAX_BATCH_SIZE` */
  readonly batchSize: number;
  /** `WORKER_CONCURRENT_TASKS`, and the floor's jobs and connections at once. */
  readonly tasks: number;
  /** `DB_CONNECTION_POOL_SIZE` */
  readonly poolSize: number;
  /** `CAMPAIGN_POLLING_INTERVAL_SECONDS`, in milliseconds. */
  readonly pollingIntervalMs: number;
}

/** Of a whole and of a quick run. */
export interface Sizes<T> {
  readonly full: T;
  readonly quick: T;
}

interface Subject {
  readonly name: string;
  /** What one unit is, in the plural. */
  readonly unit: string;
  /** One sentence: what is measured. */
  readonly what: string;
  /** Units of a run. */
  readonly size: Sizes<number>;
  /** Pairs, or rounds over all points, unless somebody asks for another number. */
  readonly repeat: Sizes<number>;
}

/** A case and what it is compared with; the two take turns. */
export interface PairCase extends Subject {
  readonly kind: 'pair';
  readonly floorWhat: string;
  /** Where the other side is so slow that fewer units say as much. */
  readonly floorSize?: Sizes<number>;
  run(bench: Bench, size: number): Promise<Run>;
  floor(bench: Bench, size: number): Promise<Run>;
}

/** A case whose points are compared with one another; they take turns. */
export interface SeriesCase extends Subject {
  readonly kind: 'series';
  /** What a point counts: `worker processes`. */
  readonly pointUnit: string;
  readonly points: Sizes<readonly number[]>;
  /** Where preparing is long: done once a point, whose database all its runs then share. */
  prepare?(bench: Bench, point: number): Promise<void>;
  run(bench: Bench, point: number, size: number): Promise<Run>;
}

export type Case = PairCase | SeriesCase;

/** Thrown where a case needs what this machine does not have: it is left out, and said so. */
export class CannotMeasureError extends Error {
  override readonly name: string = 'CannotMeasureError';
}
