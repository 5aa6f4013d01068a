/** How the workers of the suite are set up. */
export interface Dials {
  /** `WORKER_CONCURRENT_TASKS` */
  readonly tasks: number;
  /** `CAMPAIGN_MAX_BATCH_SIZE` */
  readonly batchSize: number;
}

let dials: Dials = { tasks: 8, batchSize: 50 };

/** Set once, before anything starts. */
export function setDials(chosen: Partial<Dials>): void {
  dials = { ...dials, ...chosen };
}

export function currentDials(): Dials {
  return dials;
}

/** Messages of one worker that are claimed and not recorded: as many as it sends at once, and as many that have left. */
export function openAtOnce(): number {
  return 2 * dials.tasks;
}
