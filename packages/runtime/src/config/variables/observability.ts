import { EVERY_APP, type Variables } from '../variable.js';

export const observabilityVariables = {
  logLevel: {
    name: 'LOG_LEVEL',
    kind: 'enum',
    values: ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'],
    aliases: { WARNING: 'WARN' },
    default: 'INFO',
    roles: EVERY_APP,
    description: 'The least important level that is logged.',
  },
  logFormat: {
    name: 'LOG_FORMAT',
    kind: 'enum',
    values: ['json', 'pretty'],
    default: 'json',
    roles: EVERY_APP,
    description: 'One JSON object per line for machines, or lines for people.',
  },
  includeTraceId: {
    name: 'INCLUDE_TRACE_ID',
    kind: 'boolean',
    default: false,
    roles: EVERY_APP,
    description: 'Adds `trace_id`, which all lines of one request or job share.',
  },
  sensitiveFields: {
    name: 'SENSITIVE_FIELDS',
    kind: 'list',
    default: ['message_content', 'recipient.email', 'recipient.phone'],
    pattern: /^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*$/u,
    allowed: 'field names with commas between them, such as message_content,recipient.email',
    roles: EVERY_APP,
    description:
      'What logs never show. The last name of each entry is masked at any depth, and its value wherever else the line has it; with `email` and `phone`, so is whatever looks like an address or an international number.',
  },
  enableMetrics: {
    name: 'ENABLE_METRICS',
    kind: 'boolean',
    default: true,
    roles: EVERY_APP,
    description: 'Serves `/metrics` for Prometheus.',
  },
  metricsPort: {
    name: 'METRICS_PORT',
    kind: 'integer',
    default: 9090,
    min: 0,
    max: 65_535,
    roles: EVERY_APP,
    description: 'The port of `/metrics`, `/health/live` and `/health/ready`; 0 takes a free one.',
  },
  metricsSampleRate: {
    name: 'CAMPAIGN_METRICS_SAMPLE_RATE',
    kind: 'number',
    default: 1,
    min: 0,
    max: 1,
    roles: ['worker'],
    description: 'The share of conversations that is measured in histograms. Counters always count everything.',
  },
} as const satisfies Variables;
