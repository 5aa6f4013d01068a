/** Those who wait for one signal: it has one listener of ours, however many sendings it may stop. */
const waiting = new WeakMap<AbortSignal, Listeners>();

interface Listeners {
  readonly all: Set<() => void>;
  readonly tellAll: () => void;
}

/**
 * Calls `listener` when `signal` aborts; not if it already has. Returns the function that stops listening. Who comes and
 * goes while others wait for the same signal costs no more than an entry in a set: signals are slow to listen to.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const listeners = waiting.get(signal) ?? listenTo(signal);
  listeners.all.add(listener);
  return () => {
    if (!listeners.all.delete(listener) || listeners.all.size > 0) return;
    signal.removeEventListener('abort', listeners.tellAll);
    waiting.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Listeners {
  const all = new Set<() => void>();
  const listeners: Listeners = {
    all,
    tellAll() {
      waiting.delete(signal);
      for (const listener of all) {
        all.delete(listener);
        listener();
      }
    },
  };
  waiting.set(signal, listeners);
  signal.addEventListener('abort', listeners.tellAll, { once: true });
  return listeners;
}
