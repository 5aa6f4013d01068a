import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from './at-once-or-singly.js';
import { nextGroup } from './next-group.js';

export interface GroupCommitOptions<T, R> {
  /** Writes a group and tells how each of it ended, in their order. */
  readonly write: (group: readonly T[]) => Promise<readonly Outcome<R>[]>;
  /** Two that share a key are never written at the same time, and in the order in which they came. */
  readonly keysOf: (item: T) => readonly string[];
  /** Items of one group at most. */
  readonly max: number;
  /** A group that takes longer holds up only those who share a key with one of it. */
  readonly patienceMs: number;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly keys: readonly string[];
  readonly resolve: (value: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: what comes while a group is being written is gathered, and written together when that is done. What comes
 * while nothing is being written is written at once. Each caller is answered when its own item is written, or rejected
 * with its own error.
 */
export function groupCommit<T, R>(options: GroupCommitOptions<T, R>): (item: T) => Promise<R> {
  const { keysOf, max, patienceMs } = options;
  let line: Waiting<T, R>[] = [];
  let writing = false;
  const busy = new Set<string>();

  async function writeAll(): Promise<void> {
    writing = true;
    for (;;) {
      const { group, rest } = nextGroup(line, ({ keys }) => keys, max, busy);
      if (group.length === 0) break;
      line = [...rest];
      await within(patienceMs, write(group));
    }
    writing = false;
  }

  async function write(group: readonly Waiting<T, R>[]): Promise<void> {
    const keys = group.flatMap((waiting) => waiting.keys);
    for (const key of keys) busy.add(key);
    await answer(group, options.write);
    for (const key of keys) busy.delete(key);
    if (!writing) void writeAll(); // patience was lost with this group, and somebody may have waited for it
  }

  return (item) =>
    new Promise((resolve, reject) => {
      line.push({ item, keys: keysOf(item), resolve, reject });
      if (!writing) void writeAll();
    });
}

async function answer<T, R>(group: readonly Waiting<T, R>[], write: GroupCommitOptions<T, R>['write']): Promise<void> {
  try {
    const outcomes = await write(group.map(({ item }) => item));
    group.forEach(({ resolve, reject }, i) => {
      const outcome = outcomes[i];
      if (outcome?.ok) resolve(outcome.value);
      else reject(outcome?.error);
    });
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const enough = new AbortController();
  const patience = pause(ms, undefined, { signal: enough.signal, ref: false }).catch(() => undefined);
  await Promise.race([work, patience]);
  enough.abort();
}
