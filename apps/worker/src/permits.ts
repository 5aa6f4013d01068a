/** A counting semaphore, first come first served. */
export interface Permits {
  /** Waits for `count` permits; asking for more than there are in all is a mistake of the caller. */
  acquire(count: number): Promise<() => void>;
  readonly total: number;
}

interface Waiter {
  readonly count: number;
  readonly start: () => void;
}

export function createPermits(total: number): Permits {
  let free = total;
  const waiting: Waiter[] = [];

  function startNext(): void {
    for (let next = waiting[0]; next && next.count <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.count;
      next.start();
    }
  }

  function releaseOnce(count: number): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      free += count;
      startNext();
    };
  }

  return {
    total,
    acquire: (count) => {
      if (count > total) return Promise.reject(new RangeError(`Asked for ${count} of ${total} permits.`));
      return new Promise((resolve) => {
        waiting.push({ count, start: () => resolve(releaseOnce(count)) });
        startNext();
      });
    },
  };
}
