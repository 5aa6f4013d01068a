import type { Context, SpanStatusCode } from '@opentelemetry/api';
import { type Span, SpanKind, type Telemetry } from 'bullmq';
import type { BullMQOTelSpan } from 'bullmq-otel';

/** How queues tell of their work: BullMQ's own hook. */
export type QueueTelemetry = Telemetry<Context>;

/** A span that is not made: what happens within it belongs to the span around it. */
const NO_SPAN: Span<Context> = {
  setSpanOnContext: (context) => context,
  setAttribute: () => {},
  setAttributes: () => {},
  addEvent: () => {},
  recordException: () => {},
  end: () => {},
};

/**
 * Spans of what is added and what is done, by `bullmq-otel`, for a process that traces. The place in a trace travels in
 * the options of a job. Of BullMQ's many spans those two kinds are kept: the rest tells of its own housekeeping, without
 * end. Adding makes a span only within a trace; a job that is added outside of any begins one of its own.
 */
export async function queueTelemetry(): Promise<QueueTelemetry> {
  const [{ BullMQOtel }, { context, SpanStatusCode, trace }] = await Promise.all([
    import('bullmq-otel'),
    import('@opentelemetry/api'),
  ]);
  const { tracer, contextManager } = new BullMQOtel({ tracerName: 'bullmq' });
  const wanted = (kind: SpanKind | undefined, at: Context) =>
    kind === SpanKind.CONSUMER || (kind === SpanKind.PRODUCER && trace.getSpan(at) !== undefined);
  return {
    contextManager,
    tracer: {
      startSpan: (name, options, at = context.active()) =>
        wanted(options?.kind, at)
          ? withoutTexts(tracer.startSpan(name, options, at) as BullMQOTelSpan, SpanStatusCode.ERROR)
          : NO_SPAN,
    },
  };
}

/** BullMQ would tell results and error messages, which may quote what a person wrote: only that it failed is told. */
function withoutTexts(made: BullMQOTelSpan, failed: SpanStatusCode): Span<Context> {
  return {
    setSpanOnContext: (context) => made.setSpanOnContext(context),
    setAttribute: (key, value) => made.setAttribute(key, value),
    setAttributes: (attributes) => made.setAttributes(attributes),
    addEvent: (name) => {
      if (name === 'job failed') made.span.setStatus({ code: failed });
    },
    recordException: () => made.span.setStatus({ code: failed }),
    end: () => made.end(),
  };
}
