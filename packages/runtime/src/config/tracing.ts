import type { OtlpProtocol, Values } from './config.js';

/**
 * Whether traces are exported, and how; null: they are not. OpenTelemetry's specification exports by default, to a
 * collector on the same machine; here somebody has to ask for it, by an endpoint or by `OTEL_TRACES_EXPORTER=otlp`.
 */
export function tracingOf(values: Values): { readonly protocol: OtlpProtocol } | null {
  const {
    otelSdkDisabled,
    otelTracesExporter,
    otelExporterOtlpEndpoint,
    otelExporterOtlpTracesEndpoint,
    otelExporterOtlpProtocol,
    otelExporterOtlpTracesProtocol,
  } = values;
  const asked = otelTracesExporter ?? ((otelExporterOtlpTracesEndpoint ?? otelExporterOtlpEndpoint) ? 'otlp' : 'none');
  if (otelSdkDisabled || asked === 'none') return null;
  return { protocol: otelExporterOtlpTracesProtocol ?? otelExporterOtlpProtocol };
}
