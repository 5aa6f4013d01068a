/** Collects what comes within some milliseconds, and hands it on together. */
export interface Groups<T> {
  /** Resolves when the group that the value is in has been dealt with. */
  add(value: T): Promise<void>;
}

export function createGroups<T>(groupMs: number, handle: (group: readonly T[]) => Promise<void>): Groups<T> {
  let group: T[] = [];
  let handled: Promise<void> | undefined;
  const later = () =>
    new Promise<void>((resolve, reject) => {
      setTimeout(() => {
        const values = group;
        group = [];
        handled = undefined;
        handle(values).then(resolve, reject);
      }, groupMs);
    });
  return {
    add: (value) => {
      group.push(value);
      handled ??= later();
      return handled;
    },
  };
}
