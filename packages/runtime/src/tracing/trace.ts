import { openTelemetry } from './opentelemetry.js';
import { inSpan, type SpanOptions, type SpanPlace } from './spans.js';
import { newTraceId, presentTraceId, withTraceId } from './trace-id.js';

/**
 * What a piece of work belongs to, as data that can be handed on. Without OpenTelemetry it is an id alone, which only
 * the log and the payloads of jobs tell.
 */
export interface Trace {
  readonly traceId: string;
  readonly span?: SpanPlace;
}

/** The trace of the present request or job, or undefined outside of any. */
export function currentTrace(): Trace | undefined {
  const otel = openTelemetry();
  if (otel) {
    const span = otel.api.trace.getActiveSpan()?.spanContext();
    return span && { traceId: span.traceId, span };
  }
  const traceId = presentTraceId();
  return traceId === undefined ? undefined : { traceId };
}

/** The id of `currentTrace`. */
export function currentTraceId(): string | undefined {
  const otel = openTelemetry();
  return otel ? otel.api.trace.getActiveSpan()?.spanContext().traceId : presentTraceId();
}

export interface InTraceOptions extends Pick<SpanOptions, 'kind' | 'attributes'> {
  /** The trace that is gone on with. Default: a new one. */
  readonly of?: Trace;
  /** Traces that this one is done for. */
  readonly links?: readonly Trace[];
}

/** Runs work in a trace, new or gone on with, whatever trace is present: as a span of it where spans are made. */
export function inTrace<T>(name: string, run: () => Promise<T>, options: InTraceOptions = {}): Promise<T> {
  const { of, links = [], ...more } = options;
  if (!openTelemetry()) return withTraceId(of?.traceId ?? newTraceId(), run);
  return inSpan(name, run, { ...more, under: of?.span ?? null, links: links.flatMap(({ span }) => span ?? []) });
}

/** The place that a caller's `traceparent` names (W3C Trace Context); null where there is none that can be read. */
export function placeOfCaller(headers: NodeJS.Dict<string | string[]>): SpanPlace | null {
  const otel = openTelemetry();
  if (!otel) return null;
  const { api } = otel;
  return api.trace.getSpanContext(api.propagation.extract(api.ROOT_CONTEXT, headers)) ?? null;
}
