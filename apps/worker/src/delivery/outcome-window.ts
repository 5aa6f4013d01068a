/** What became of the messages of the last minute, in small slices of time. */
export type OutcomeWindow = readonly Slice[];

interface Slice {
  readonly at: number;
  readonly all: number;
  readonly bad: number;
}

const SLICE_MS = 1000;
const WINDOW_MS = 60_000;

/** Counts one message that was settled at `now` (milliseconds); `bad`: as `failed` or `unknown`. Pure. */
export function addOutcome(window: OutcomeWindow, now: number, bad: boolean): OutcomeWindow {
  const at = Math.floor(now / SLICE_MS) * SLICE_MS;
  const last = window.at(-1);
  const slice = { at, all: 1, bad: bad ? 1 : 0 };
  if (last?.at === at) {
    return [...window.slice(0, -1), { at, all: last.all + 1, bad: last.bad + slice.bad }];
  }
  return [...window.filter((other) => other.at > now - WINDOW_MS), slice];
}

/** What was settled after `since`: an operator who resumed a channel had seen what was before. Pure. */
export function outcomesSince(window: OutcomeWindow, since: number): OutcomeWindow {
  return window.filter(({ at }) => at >= since);
}

/** The share of bad outcomes where it is too high, else null. Fewer than `atLeast` outcomes say nothing. Pure. */
export function tooManyBad(
  window: OutcomeWindow,
  now: number,
  limits: { readonly rate: number; readonly atLeast: number },
): number | null {
  if (limits.rate === 0) return null;
  const recent = window.filter(({ at }) => at > now - WINDOW_MS);
  const all = recent.reduce((sum, slice) => sum + slice.all, 0);
  const bad = recent.reduce((sum, slice) => sum + slice.bad, 0);
  return all >= limits.atLeast && bad / all >= limits.rate ? bad / all : null;
}
