import { assertNever } from '../engine/assert-never.js';
import type { DelayModel, WeightedValue } from '../schemas/response-model.js';

/** A stream of numbers in [0, 1). */
export type Random = () => number;

/** The same stream for the same seed, of which the lower 32 bits count (mulberry32, by Tommy Ettinger). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A delay in hours. */
export function drawDelay(delay: DelayModel, random: Random): number {
  switch (delay.distribution) {
    case 'exponential':
      return -delay.mean_hours * Math.log(1 - random());
    case 'lognormal':
      return delay.median_hours * Math.exp(delay.sigma * drawNormal(random));
    case 'uniform':
      return delay.min_hours + (delay.max_hours - delay.min_hours) * random();
    case 'fixed':
      return delay.hours;
    default:
      return assertNever(delay);
  }
}

/** One of the values, each as often as its weight among all says. */
export function drawValue(values: readonly WeightedValue[], random: Random): WeightedValue['value'] | undefined {
  let left = random() * values.reduce((sum, { weight }) => sum + weight, 0);
  for (const { value, weight } of values) {
    left -= weight;
    if (left < 0) return value;
  }
  return values.findLast(({ weight }) => weight > 0)?.value;
}

/** Standard normal, after Box and Muller. */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
