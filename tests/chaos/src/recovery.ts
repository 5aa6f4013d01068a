/** How long the system needed to be back at work, in milliseconds; null where nothing was left to be done. */
export interface Recovery {
  readonly medianMs: number | null;
  readonly maxMs: number | null;
}

/**
 * From each strike (or from the end of one that lasts) to the first sign of work after it: an acceptance, or what the
 * fault counts instead. Strikes behind the last one are not counted. Pure.
 */
export function recoveryOf(strikes: readonly { readonly from: number }[], signs: readonly number[]): Recovery {
  const times = [...signs].sort((a, b) => a - b);
  const gaps = strikes
    .flatMap(({ from }) => {
      const next = times.find((at) => at > from);
      return next === undefined ? [] : [next - from];
    })
    .sort((a, b) => a - b);
  return { medianMs: gaps[Math.floor((gaps.length - 1) / 2)] ?? null, maxMs: gaps.at(-1) ?? null };
}
