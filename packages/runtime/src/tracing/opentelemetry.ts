import type * as Api from '@opentelemetry/api';

/** The part of OpenTelemetry that spans are made with. */
export interface OpenTelemetry {
  readonly api: typeof Api;
  readonly tracer: Api.Tracer;
}

let inUse: OpenTelemetry | null = null;

/** OpenTelemetry, where this process traces; null where it does not, and then its SDK was never loaded. */
export function openTelemetry(): OpenTelemetry | null {
  return inUse;
}

/** Whether this process makes spans. Ask before anything is put together for one. */
export function isTracing(): boolean {
  return inUse !== null;
}

/** Begins to make spans, or ceases to. */
export function useOpenTelemetry(given: OpenTelemetry | null): void {
  inUse = given;
}
