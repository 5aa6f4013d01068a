export { checkAll, type Probe } from './check-all.js';
export { type Clock, type ClockOptions, createClock } from './clock.js';
export type { Config, Notifier } from './config/config.js';
export { ConfigError } from './config/config-error.js';
export { environment } from './config/environment.js';
export { loadConfig } from './config/load-config.js';
export { listenOn, PortError } from './config/port-error.js';
export {
  type Check,
  type Checks,
  checkOf,
  type HealthOptions,
  type HealthServer,
  startHealthServer,
} from './health.js';
export { createLogger, type Logger, type LoggerOptions } from './logger.js';
export { EXIT_CONFIG, runApp, StartupError } from './main-guard.js';
export type { Figure, FigureReader } from './metrics/at-scrape.js';
export { type Definition as MetricDefinition, METRICS, PREFIX as METRIC_PREFIX } from './metrics/catalogue.js';
export { collectClusterMetrics, shareMetrics } from './metrics/cluster-metrics.js';
export { createMetrics, type Metrics } from './metrics/create-metrics.js';
export { REPAIR_KINDS } from './metrics/repair-kinds.js';
export { repaired } from './metrics/repaired.js';
export { sampled } from './metrics/sampled.js';
export { tellReadiness } from './metrics/tell-readiness.js';
export { type UntilConnectedOptions, untilConnected } from './retry-connect.js';
export { onShutdown, type ShutdownOptions, type ShutdownStep } from './shutdown.js';
export { isTracing } from './tracing/opentelemetry.js';
export {
  describeSpan,
  inSpan,
  markError,
  markFailed,
  type OpenSpan,
  openSpan,
  outsideTraces,
  type SpanPlace,
  within,
} from './tracing/spans.js';
export { startTracing, type Tracing } from './tracing/start-tracing.js';
export { currentTrace, currentTraceId, inTrace, placeOfCaller, type Trace } from './tracing/trace.js';
export { newTraceId, withTraceId } from './tracing/trace-id.js';
