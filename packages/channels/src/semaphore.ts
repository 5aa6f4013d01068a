import { onAbort } from './on-abort.js';

/** Hands out a fixed number of permits in the order in which they were asked for. */
export interface Semaphore {
  /**
   * Waits for a permit and resolves with the function that gives it back (further calls of it do nothing).
   * Rejects when `signal` aborts first or when the semaphore is closed.
   */
  acquire(signal: AbortSignal): Promise<() => void>;
  /** Rejects all who wait and all who come later. */
  close(): void;
}

/** `refuse` makes the error that a refused caller gets from the reason. */
export function createSemaphore(permits: number, refuse: (reason: string) => Error): Semaphore {
  interface Waiter {
    grant(): void;
    reject(reason: string): void;
  }
  const waiters = new Set<Waiter>();
  let free = permits;
  let closed = false;

  function permit(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const [next] = waiters;
      if (next) next.grant();
      else free += 1;
    };
  }

  function wait(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiters.delete(waiter);
        stopListening();
      };
      const waiter: Waiter = {
        grant() {
          leave();
          resolve(permit());
        },
        reject(reason) {
          leave();
          reject(refuse(reason));
        },
      };
      const stopListening = onAbort(signal, () => waiter.reject('the wait was aborted'));
      waiters.add(waiter);
    });
  }

  return {
    async acquire(signal) {
      if (closed) throw refuse('it is closed');
      if (signal.aborted) throw refuse('the wait was aborted');
      if (free === 0) return wait(signal);
      free -= 1;
      return permit();
    },
    close() {
      closed = true;
      for (const waiter of [...waiters]) waiter.reject('it is closed');
    },
  };
}
