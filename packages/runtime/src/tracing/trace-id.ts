import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** Traces without OpenTelemetry: ids by which the lines of one request or job can be found together. */
const storage = new AsyncLocalStorage<string>();

/** Runs a function, and all it starts, under a trace id. Answers what the function answers. */
export function withTraceId<T>(traceId: string, run: () => T): T {
  return storage.run(traceId, run);
}

/** The trace id that this runs under, if any. */
export function presentTraceId(): string | undefined {
  return storage.getStore();
}

/** A new trace id: 32 hexadecimal digits, as W3C Trace Context has them. */
export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}
