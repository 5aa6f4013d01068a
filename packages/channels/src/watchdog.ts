/** One timer that many pieces of work share, one after the other: starting and stopping costs next to nothing. */
export interface Watchdog {
  /** `onLate` is called once unless the work is stopped within the time-out. */
  start(onLate: () => void): void;
  stop(): void;
  /** For good. */
  dispose(): void;
}

/** The timer itself is never stopped between two pieces of work: what it finds then is that nothing is late. */
export function createWatchdog(timeoutMs: number): Watchdog {
  let whenLate: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;

  const ring = () => {
    const onLate = whenLate;
    whenLate = null;
    onLate?.();
  };

  return {
    start(onLate) {
      whenLate = onLate;
      if (timer) timer.refresh();
      else timer = setTimeout(ring, timeoutMs).unref(); // a connection in use keeps the process alive, not its timer
    },
    stop() {
      whenLate = null;
    },
    dispose() {
      whenLate = null;
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
