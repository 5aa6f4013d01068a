import type { Random } from '@campaign-manager/core/simulator';

/** A new list with the same values in another order. */
export function shuffled<T>(values: readonly T[], random: Random): T[] {
  const order = values.map((value) => ({ value, at: random() }));
  return order.sort((a, b) => a.at - b.at).map(({ value }) => value);
}
