import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logger.js';

/**
 * An exporter that tells the log when it cannot export, once, and once when it can again. Meanwhile spans wait in a
 * queue of bounded length, and what does not fit into it is dropped.
 */
export function telling(exporter: SpanExporter, logger: Pick<Logger, 'warn' | 'info'>): SpanExporter {
  let failing = false;
  return {
    export: (spans, answer) =>
      exporter.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed && !failing) {
          logger.warn({ err: result.error }, 'Traces cannot be exported; the work goes on, and spans are dropped');
        }
        if (!failed && failing) logger.info('Traces are exported again');
        failing = failed;
        answer(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
