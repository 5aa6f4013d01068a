import type { DueConversation, RemovalPlace } from '@campaign-manager/core/store';

/** How far the hand-out of a campaign came: the last conversation that was looked at; null: none yet. */
export type Position = Pick<DueConversation, '_id' | 'next_action_at'> | null;

/**
 * What one scheduler remembers from poll to poll. None of it is the truth: whoever forgets it only looks at some things
 * once more, and counts some repairs less.
 */
export interface Memory {
  /** Where a long list stands, by its name. */
  list<Item>(name: string): Rotation<Item>;
  /** Campaigns that had more to do than their quota let through, and where their hand-out goes on. */
  readonly behind: Map<string, Position>;
  /** Running campaigns of which the last poll has seen every conversation. */
  readonly seen: Set<string>;
  /** Campaigns whose history is being removed, and how far that came. */
  readonly removals: Map<string, RemovalPlace>;
}

/**
 * A place in a long list that is looked through page by page, one page a sweep: what cannot be repaired now never keeps
 * the rest from being looked at.
 */
export interface Rotation<Item> {
  /** Reads the next page; behind the end comes the first again. */
  next(read: (after: Item | undefined, limit: number) => Promise<Item[]>, limit: number): Promise<Item[]>;
}

export function createMemory(): Memory {
  const rotations = new Map<string, Rotation<never>>();
  return {
    behind: new Map(),
    seen: new Set(),
    removals: new Map(),
    list: <Item>(name: string) => {
      const rotation = rotations.get(name) ?? createRotation<never>();
      rotations.set(name, rotation);
      return rotation as unknown as Rotation<Item>;
    },
  };
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
