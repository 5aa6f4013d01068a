import type * as Api from '@opentelemetry/api';
import { type OpenTelemetry, openTelemetry } from './opentelemetry.js';

/** A span under way; whoever opened it ends it. */
export type OpenSpan = Api.Span;

/** The place of a piece of work in its trace, as data that can be handed on. */
export type SpanPlace = Api.SpanContext;

export interface SpanOptions {
  /** Default: `internal`. */
  readonly kind?: 'internal' | 'server' | 'client';
  /** Ids, names and numbers; nothing that a person wrote, and no address. */
  readonly attributes?: Api.Attributes;
  /** Where it belongs; null: it begins a trace. Default: under the present span. */
  readonly under?: SpanPlace | null;
  /** Work of other traces that this one is done for. */
  readonly links?: readonly SpanPlace[];
}

/** Opens a span; undefined where nothing is traced. It does not become the present one: see `within`. */
export function openSpan(name: string, options: SpanOptions = {}): OpenSpan | undefined {
  const otel = openTelemetry();
  if (!otel) return undefined;
  const { attributes, links } = options;
  return otel.tracer.startSpan(
    name,
    {
      kind: kindOf(otel, options.kind),
      ...(attributes && { attributes }),
      ...(links && { links: links.map((context) => ({ context })) }),
    },
    contextOf(otel, options.under),
  );
}

/** Runs something with a span as the present one: what it opens, adds as a job or logs belongs to that span. */
export function within<T>(span: OpenSpan | undefined, run: () => T): T {
  const otel = openTelemetry();
  if (!otel || !span) return run();
  return otel.api.context.with(otel.api.trace.setSpan(otel.api.context.active(), span), run);
}

/** Runs something that belongs to no trace, whoever happened to start it; the jobs that it adds begin traces of their own. */
export function outsideTraces<T>(run: () => T): T {
  const otel = openTelemetry();
  return otel ? otel.api.context.with(otel.api.ROOT_CONTEXT, run) : run();
}

/** Runs work within a span of its own. */
export function inSpan<T>(name: string, run: () => Promise<T>, options?: SpanOptions): Promise<T> {
  const span = openSpan(name, options);
  return span ? finishing(span, run) : run();
}

async function finishing<T>(span: OpenSpan, run: () => Promise<T>): Promise<T> {
  try {
    return await within(span, run);
  } catch (error) {
    markError(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Marks a span as failed, by the error's name: its message may quote what a person wrote. */
export function markError(span: OpenSpan | undefined, error: unknown): void {
  markFailed(span, error instanceof Error ? error.name : 'error');
}

/** Marks a span as failed, by a word of ours that says why. */
export function markFailed(span: OpenSpan | undefined, reason: string): void {
  const otel = openTelemetry();
  if (!otel || !span) return;
  span.setAttribute('error.type', reason);
  span.setStatus({ code: otel.api.SpanStatusCode.ERROR });
}

/** Says more of the present span, if there is one. */
export function describeSpan(attributes: Api.Attributes): void {
  openTelemetry()?.api.trace.getActiveSpan()?.setAttributes(attributes);
}

function kindOf({ api }: OpenTelemetry, kind: SpanOptions['kind'] = 'internal'): Api.SpanKind {
  return { internal: api.SpanKind.INTERNAL, server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT }[kind];
}

function contextOf({ api }: OpenTelemetry, under: SpanPlace | null | undefined): Api.Context {
  if (under === undefined) return api.context.active();
  return under === null ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, under);
}
