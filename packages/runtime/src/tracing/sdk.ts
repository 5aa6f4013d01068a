import { setTimeout as delay } from 'node:timers/promises';
import * as api from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { OtlpProtocol } from '../config/config.js';
import type { Logger } from '../logger.js';
import type { RedactLine } from '../redact.js';
import { masking } from './masking-exporter.js';
import type { OpenTelemetry } from './opentelemetry.js';
import { telling } from './telling-exporter.js';

/** What is left when an app stops is exported within this time, or not at all. */
const FLUSH_MS = 3000;

export interface TracingOptions {
  /** The name of the app, such as `worker`. */
  readonly app: string;
  readonly logger: Logger;
}

export interface SdkOptions extends TracingOptions {
  /** What the log never shows. */
  readonly redactLine: RedactLine;
}

/**
 * Sets OpenTelemetry up. Sampler, limits, batches and the way to the collector are its own variables, which it reads by
 * itself. Of what callers send, only `traceparent` and `tracestate` are carried on: their baggage could name people, and
 * would end in the options of jobs.
 */
export function startSdk(
  protocol: OtlpProtocol,
  { app, logger, redactLine }: SdkOptions,
): OpenTelemetry & { stop(): Promise<void> } {
  const otlp = protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter();
  const exporter = masking(telling(otlp, logger), redactLine);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': `campaign-manager-${app}`,
      'service.namespace': 'campaign-manager',
      'process.pid': process.pid,
    }).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  setGlobalErrorHandler(() => {}); // the exporter has told already
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  api.propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  api.trace.setGlobalTracerProvider(provider);
  return {
    api,
    tracer: provider.getTracer('campaign-manager'),
    stop: async () => {
      const over = new AbortController();
      const flushed = provider.shutdown().then(
        () => true,
        () => true, // the exporter has told why
      );
      const late = delay(FLUSH_MS, false, { signal: over.signal }).catch(() => false);
      if (!(await Promise.race([flushed, late]))) {
        logger.warn({ timeout_ms: FLUSH_MS }, 'The last spans could not be exported in time');
      }
      over.abort();
    },
  };
}
