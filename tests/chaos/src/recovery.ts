import type { Acceptance } from './evidence.js';

/** How long the system needed to be back at work, in milliseconds; null where nothing was left to be sent. */
export interface Recovery {
  readonly medianMs: number | null;
  readonly maxMs: number | null;
}

/**
 * From each strike (or from the end of one that lasts) to the first acceptance after it. Strikes behind the last
 * acceptance are not counted. Pure.
 */
export function recoveryOf(strikes: readonly { readonly from: number }[], journal: readonly Acceptance[]): Recovery {
  const times = journal.map(({ at }) => at).sort((a, b) => a - b);
  const gaps = strikes
    .flatMap(({ from }) => {
      const next = times.find((at) => at > from);
      return next === undefined ? [] : [next - from];
    })
    .sort((a, b) => a - b);
  return { medianMs: gaps[Math.floor((gaps.length - 1) / 2)] ?? null, maxMs: gaps.at(-1) ?? null };
}
