import type { Entry } from './profiles.js';
import { type FaultResult, runFault } from './run-fault.js';
import { isGood } from './table.js';
import { createSharedServices } from './world/services.js';

export interface ProfileOptions {
  readonly entries: readonly Entry[];
  /** Faults at once. */
  readonly atOnce: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const SHOWN = 20;

/** Runs the faults, some at once, tells how it goes, and ends everything it started. Answers in the profile's order. */
export async function runProfile({ entries, atOnce, seed, signal, say }: ProfileOptions): Promise<FaultResult[]> {
  const shared = createSharedServices();
  const results: FaultResult[] = [];
  const waiting = [...entries.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const [i, entry] = next;
      const where = `[${i + 1}/${entries.length}] ${entry.fault.name} (${entry.policy})`;
      const tell = (line: string) => say(`${where}: ${line}`);
      tell(entry.fault.about);
      results[i] = await runFault(entry, { seed: seed + i, shared: shared.get, signal, say: tell });
      tellResult(results[i], tell);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, lane));
  } finally {
    await shared.stop();
  }
  return results.filter((result) => result !== undefined);
}

function tellResult(result: FaultResult, tell: (line: string) => void): void {
  tell(`${isGood(result) ? 'holds' : 'FAILED'} after ${(result.durationMs / 1000).toFixed(1)} s`);
  for (const complaint of result.complaints.slice(0, SHOWN)) tell(`  ${complaint}`);
  if (result.complaints.length > SHOWN) tell(`  and ${result.complaints.length - SHOWN} more`);
  if (result.folder !== undefined) tell(`  journal and logs: ${result.folder}`);
}
