/** A counting semaphore, first come first served, but that whoever wants one permit need not wait behind batches. */
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
        // A single conversation has a reply or a command; batches have time, and need more than singles can hold.
        const behind = count === 1 ? waiting.findIndex((other) => other.count > 1) : -1;
        waiting.splice(behind === -1 ? waiting.length : behind, 0, {
          count,
          start: () => resolve(releaseOnce(count)),
        });
        startNext();
      });
    },
  };
}
