import type { Entry } from './profiles.js';
import { type FaultResult, runFault } from './run-fault.js';
import { isGood } from './table.js';
import { createSharedServices } from './world/services.js';

export interface ProfileOptions {
  readonly entries: readonly Entry[];
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const SHOWN = 20;

/** Runs the faults one after the other, tells how it goes, and ends everything it started. */
export async function runProfile({ entries, seed, signal, say }: ProfileOptions): Promise<FaultResult[]> {
  const shared = createSharedServices();
  const results: FaultResult[] = [];
  try {
    for (const [i, entry] of entries.entries()) {
      if (signal.aborted) break;
      const where = `[${i + 1}/${entries.length}] ${entry.fault.name} (${entry.policy})`;
      say(`${where}: ${entry.fault.about}`);
      const result = await runFault(entry, {
        seed: seed + i,
        shared: shared.get,
        signal,
        say: (line) => say(`${where}: ${line}`),
      });
      results.push(result);
      say(`${where}: ${isGood(result) ? 'holds' : 'FAILED'} after ${(result.durationMs / 1000).toFixed(1)} s`);
      for (const complaint of result.complaints.slice(0, SHOWN)) say(`  ${complaint}`);
      if (result.complaints.length > SHOWN) say(`  and ${result.complaints.length - SHOWN} more`);
      if (result.folder !== undefined) say(`  journal and logs: ${result.folder}`);
    }
  } finally {
    await shared.stop();
  }
  return results;
}
