export interface Taken<T> {
  readonly group: readonly T[];
  /** Who stays in line, in their order. */
  readonly rest: readonly T[];
}

/**
 * Takes the next group out of a line, the oldest first, at most `max`, no two that share a key, and none with a `busy`
 * one. Whoever must wait for that reason keeps his place: nobody behind who shares a key with him goes before him. Pure.
 */
export function nextGroup<T>(
  line: readonly T[],
  keysOf: (item: T) => readonly string[],
  max: number,
  busy: ReadonlySet<string>,
): Taken<T> {
  const group: T[] = [];
  const rest: T[] = [];
  const seen = new Set(busy);
  for (const item of line) {
    const keys = keysOf(item);
    const fits = group.length < max && !keys.some((key) => seen.has(key));
    (fits ? group : rest).push(item);
    for (const key of keys) seen.add(key);
  }
  return { group, rest };
}
