/**
 * Items of several lines (campaigns) that want one thing. Every line gets its share by weight, whoever came first; within
 * a line it is first in, first out. Start-time fair queueing (Goyal, Vin, Cheng 1996): a line's time goes on by the items
 * it was served, divided by its weight, and the line whose time is the earliest is served next. A line that comes anew
 * starts at the time of the one served last, so nobody saves anything up.
 */
export interface FairQueue<T> {
  readonly size: () => number;
  push(item: T, line: { readonly id: string; readonly weight: number }): void;
  /** The next items of one line, at most `count`, as long as they are `alike` to the first. */
  next(count: number, alike?: (first: T, other: T) => boolean): T[];
  /** Takes out whatever the test is true of, line by line. */
  remove(test: (item: T) => boolean): T[];
}

interface Line<T> {
  weight: number;
  /** Its own virtual time. */
  time: number;
  items: T[];
}

export function createFairQueue<T>(): FairQueue<T> {
  const lines = new Map<string, Line<T>>();
  let size = 0;
  let servedAt = 0;

  function earliest(): [string, Line<T>] | undefined {
    let found: [string, Line<T>] | undefined;
    for (const entry of lines) if (!found || entry[1].time < found[1].time) found = entry;
    return found;
  }

  return {
    size: () => size,
    push: (item, { id, weight }) => {
      size += 1;
      const line = lines.get(id);
      if (!line) lines.set(id, { weight, time: servedAt, items: [item] });
      else {
        line.weight = weight;
        line.items.push(item);
      }
    },
    next: (count, alike = () => true) => {
      const found = earliest();
      const first = found?.[1].items[0];
      if (!found || first === undefined) return [];
      const [id, line] = found;
      const stranger = line.items.findIndex((item) => !alike(first, item));
      const taken = line.items.splice(0, Math.min(count, stranger === -1 ? line.items.length : stranger));
      servedAt = line.time;
      line.time += taken.length / line.weight;
      size -= taken.length;
      if (line.items.length === 0) lines.delete(id);
      return taken;
    },
    remove: (test) => {
      const removed: T[] = [];
      for (const [id, line] of lines) {
        removed.push(...line.items.filter(test));
        line.items = line.items.filter((item) => !test(item));
        if (line.items.length === 0) lines.delete(id);
      }
      size -= removed.length;
      return removed;
    },
  };
}
