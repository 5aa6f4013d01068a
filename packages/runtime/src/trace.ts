import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

const storage = new AsyncLocalStorage<string>();

/** Runs a function, and all it starts, under a trace id. Answers what the function answers. */
export function withTrace<T>(traceId: string, run: () => T): T {
  return storage.run(traceId, run);
}

/** The trace id of the present request or job, or undefined outside of any. */
export function currentTraceId(): string | undefined {
  return storage.getStore();
}

/** A new trace id: 32 hexadecimal digits, as W3C Trace Context has them. */
export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}
