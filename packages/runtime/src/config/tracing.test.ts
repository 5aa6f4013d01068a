import { loadConfig } from './load-config.js';

const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
const PROTOBUF = { protocol: 'http/protobuf' };
const JSON_TEXT = { protocol: 'http/json' };

it.each([
  ['nothing', {}, null],
  ['an endpoint', COLLECTOR, PROTOBUF],
  ['an endpoint for traces alone', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://tempo/v1/traces' }, PROTOBUF],
  ['an exporter without an endpoint', { OTEL_TRACES_EXPORTER: 'otlp' }, PROTOBUF],
  ['an endpoint, and that nothing is exported', { ...COLLECTOR, OTEL_TRACES_EXPORTER: 'none' }, null],
  ['an endpoint, and that the SDK is disabled', { ...COLLECTOR, OTEL_SDK_DISABLED: 'true' }, null],
  ['an endpoint, and that the SDK is not disabled', { ...COLLECTOR, OTEL_SDK_DISABLED: 'false' }, PROTOBUF],
  ['a protocol', { ...COLLECTOR, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, JSON_TEXT],
  [
    'a protocol, and another one for traces',
    {
      ...COLLECTOR,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
    },
    JSON_TEXT,
  ],
])('given %s, the variables of OpenTelemetry say how traces are exported', (_, env, expected) => {
  expect(loadConfig(env).tracing).toEqual(expected);
});

it.each([
  [
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc", but must be one of http/protobuf, http/json.',
  ],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER is "zipkin", but must be one of otlp, none.'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' },
    'OTEL_EXPORTER_OTLP_ENDPOINT is "collector:4317", but must be a URL that begins with http:// or https://.',
  ],
  [
    { OTEL_TRACES_SAMPLER: 'sometimes' },
    'OTEL_TRACES_SAMPLER is "sometimes", but must be always_on, always_off or traceidratio, or one of them behind parentbased_.',
  ],
  [{ OTEL_TRACES_SAMPLER_ARG: '50' }, 'OTEL_TRACES_SAMPLER_ARG is "50", but must be a number from 0 to 1.'],
])('%j is refused in one line', (env, message) => {
  expect(() => loadConfig(env)).toThrow(message);
});

it("other variables of OpenTelemetry are the SDK's own, and nobody is warned of them", () => {
  const env = {
    ...COLLECTOR,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://collector:4318/v1/metrics',
    OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_BSP_MAX_QUEUE_SIZE: '4096',
    OTEL_PROPAGATORS: 'tracecontext',
  };
  expect(loadConfig(env).warnings).toEqual([]);
});
