import { setMaxListeners } from 'node:events';

/** Calls `listener` when `signal` aborts; not if it already has. Returns the function that stops listening. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  // One signal may stop any number of sendings; beyond ten Node would suspect a leak.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
