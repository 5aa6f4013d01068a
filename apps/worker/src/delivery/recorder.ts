import { type RowOutcome, recordOutcomes } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';

/** Records outcomes in groups, every few milliseconds, so that a crash leaves few rows open. */
export interface Recorder {
  /** Resolves when the outcome stands in the ledger. Rejects when it could not be written for too long. */
  record(outcome: RowOutcome): Promise<void>;
}

const GROUP_MS = 4;
const RETRY_MS = 250;
const GIVE_UP_MS = 60_000;

interface Pending {
  readonly outcome: RowOutcome;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function createRecorder({ store, logger }: Pick<Ports, 'store' | 'logger'>): Recorder {
  let group: Pending[] = [];

  async function flush(): Promise<void> {
    const pending = group;
    group = [];
    const outcomes = atOneInstant(pending.map(({ outcome }) => outcome));
    const giveUpAt = performance.now() + GIVE_UP_MS;
    for (;;) {
      try {
        await recordOutcomes(store, outcomes);
        for (const { resolve } of pending) resolve();
        return;
      } catch (error) {
        // An outcome is worth waiting for: what is not recorded ends as `unknown`.
        if (performance.now() > giveUpAt) {
          for (const { reject } of pending) reject(error);
          return;
        }
        logger.warn({ err: error, rows: pending.length }, 'Outcomes could not be recorded; trying again');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  return {
    record: (outcome) =>
      new Promise((resolve, reject) => {
        if (group.length === 0) setTimeout(() => void flush(), GROUP_MS);
        group.push({ outcome, resolve, reject });
      }),
  };
}

/**
 * What came within a few milliseconds counts as having come with the last of it: outcomes that then are alike are one
 * write. Pure.
 */
function atOneInstant(outcomes: readonly RowOutcome[]): RowOutcome[] {
  const at = Math.max(...outcomes.map(({ attempt }) => attempt.at));
  return outcomes.map((outcome) => ({ ...outcome, attempt: { ...outcome.attempt, at } }));
}
