interface Waiting {
  readonly listener: () => void;
  /** Where it stands among those who wait; -1: nowhere any more. */
  place: number;
}

interface Listeners {
  readonly all: Waiting[];
  readonly tellAll: () => void;
}

/** Those who wait for one signal: it has one listener of ours, however many sendings it may stop. */
const listenersOf = new WeakMap<AbortSignal, Listeners>();

/**
 * Calls `listener` when `signal` aborts; not if it already has. Returns the function that stops listening. To come and go
 * while others wait for the same signal costs an entry in a list: signals are slow to listen to, and the tables that a Set
 * leaves behind when it grows keep whatever was in them, so that the collector copies it about.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const { all, tellAll } = listenersOf.get(signal) ?? listenTo(signal);
  const waiting: Waiting = { listener, place: all.length };
  all.push(waiting);
  return () => {
    if (waiting.place < 0) return;
    const last = all.pop();
    if (last && last !== waiting) {
      all[waiting.place] = last;
      last.place = waiting.place;
    }
    waiting.place = -1;
    if (all.length > 0) return;
    signal.removeEventListener('abort', tellAll);
    listenersOf.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Listeners {
  const all: Waiting[] = [];
  const tellAll = () => {
    listenersOf.delete(signal);
    for (const waiting of all.splice(0)) {
      if (waiting.place < 0) continue; // it left while others were told
      waiting.place = -1;
      waiting.listener();
    }
  };
  const listeners = { all, tellAll };
  listenersOf.set(signal, listeners);
  signal.addEventListener('abort', tellAll, { once: true });
  return listeners;
}
