/** A message that took so many workers with it, one after another, is not tried again by itself. */
export const QUARANTINE_AFTER = 5;

const SPREAD_MS = 60_000;

/**
 * How much later a message is tried that took `deaths` workers with it. A worker that dies takes all of its messages
 * along; from the second time on they come back one by one, so that those which are innocent get their answers before
 * the guilty one strikes again. `random` is from 0 to 1. Pure.
 */
export function spreadMs(deaths: number, random: number): number {
  return deaths < 2 ? 0 : Math.round(SPREAD_MS * (deaths - 1) * random);
}
