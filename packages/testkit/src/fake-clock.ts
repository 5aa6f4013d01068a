/** A clock that stands still until it is told to move. All times are milliseconds. */
export interface FakeClock {
  readonly now: () => number;
  /** Moves the clock on and returns the new time. */
  readonly advance: (ms: number) => number;
}

export function fakeClock(startMs: number): FakeClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
      return nowMs;
    },
  };
}
