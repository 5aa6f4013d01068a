import { onAbort } from './on-abort.js';

/**
 * Calls `onEnd` once, when `timeoutMs` have passed or one of `signals` aborts, whichever comes first; never before this
 * function has returned. Returns the function that calls it off.
 */
export function startDeadline(
  timeoutMs: number,
  signals: readonly AbortSignal[],
  onEnd: (reason: string) => void,
): () => void {
  let over = false;
  const callOff = () => {
    over = true;
    clearTimeout(timer);
    for (const stopListening of listening) stopListening();
  };
  const end = (reason: string) => {
    if (over) return;
    callOff();
    onEnd(reason);
  };
  const abort = () => end('aborted');
  const timer = setTimeout(() => end(`no answer within ${timeoutMs} ms`), timeoutMs);
  const listening = signals.map((signal) => onAbort(signal, abort));
  if (signals.some((signal) => signal.aborted)) queueMicrotask(abort);
  return callOff;
}
