import type { Config } from '../config/config.js';
import { secretTexts } from '../config/secrets.js';
import { createRedactor } from '../redact.js';
import { useOpenTelemetry } from './opentelemetry.js';
import type { TracingOptions } from './sdk.js';

export interface Tracing {
  /** Exports what is left, within a few seconds, and ceases to trace. Never rejects. */
  stop(): Promise<void>;
}

/**
 * Begins to trace where the configuration asks for it; call it before the first connection. OpenTelemetry's SDK is
 * loaded only then: where nothing is traced, a span costs one comparison.
 */
export async function startTracing(config: Config, options: TracingOptions): Promise<Tracing> {
  if (config.tracing === null) return { stop: async () => {} };
  const { startSdk } = await import('./sdk.js');
  const redactLine = createRedactor({ fields: config.sensitiveFields, secrets: secretTexts(config) });
  const { stop, ...otel } = startSdk(config.tracing.protocol, { ...options, redactLine });
  useOpenTelemetry(otel);
  options.logger.info('Traces are exported');
  return {
    stop: async () => {
      await stop();
      useOpenTelemetry(null);
    },
  };
}
