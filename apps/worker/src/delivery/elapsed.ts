/** Starts to measure; the answer is milliseconds since, by whichever clock says more. */
export type Stopwatch = () => number;

/**
 * A suspended machine stops the monotonic clock, an adjusted one moves the wall clock: the larger of the two is the
 * safe reading of how old a lease or a look through the gate is (design, section 6, step 3).
 */
export function startStopwatch(
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): Stopwatch {
  const wallStart = wall();
  const monotonicStart = monotonic();
  return () => Math.max(wall() - wallStart, monotonic() - monotonicStart);
}
