import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { RedactLine } from '../redact.js';

/**
 * An exporter whose spans show no more than the log does: ids are chosen by users, and one that is an address is masked
 * there as well.
 */
export function masking(exporter: SpanExporter, redactLine: RedactLine): SpanExporter {
  return {
    export: (spans, answer) =>
      exporter.export(
        spans.map((span) => masked(span, redactLine)),
        answer,
      ),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

function masked(span: ReadableSpan, redactLine: RedactLine): ReadableSpan {
  const line = JSON.stringify(span.attributes);
  const redacted = redactLine(line);
  if (redacted === line) return span;
  const attributes: Attributes = JSON.parse(redacted);
  return Object.create(span, { attributes: { value: attributes, enumerable: true } }) as ReadableSpan;
}
