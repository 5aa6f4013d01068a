/**
 * A place in a long list that is looked through page by page, one page a sweep: what cannot be repaired now never keeps
 * the rest from being looked at. It lives in memory only: whoever forgets it begins at the start.
 */
export interface Rotation<Item> {
  /** Reads the next page; behind the end, the next one is the first again. */
  next(read: (after: Item | undefined, limit: number) => Promise<Item[]>, limit: number): Promise<Item[]>;
}

export function createRotation<Item>(): Rotation<Item> {
  let last: Item | undefined;
  return {
    next: async (read, limit) => {
      let page = await read(last, limit);
      if (page.length === 0 && last !== undefined) page = await read(undefined, limit);
      last = page.length < limit ? undefined : page.at(-1);
      return page;
    },
  };
}

/** Where each list of one scheduler stands, by the list's name. */
export type SweepMemory = <Item>(list: string) => Rotation<Item>;

export function createSweepMemory(): SweepMemory {
  const rotations = new Map<string, Rotation<never>>();
  return <Item>(list: string) => {
    const known = rotations.get(list) ?? createRotation<never>();
    rotations.set(list, known);
    return known as unknown as Rotation<Item>;
  };
}
