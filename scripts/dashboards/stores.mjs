import { dashboard, figure, graph, quantiles } from './panels.mjs';

const p99 = (histogram) => `histogram_quantile(0.99, sum by (le) (rate(${histogram}_bucket[5m])))`;

/** Latency over all, latency by command, and how much there is of each command. */
const latencies = (title, histogram, orange, red) => ({
  title,
  panels: [
    graph({
      title: 'Latency',
      description: 'How long an operation takes, as its caller sees it.',
      unit: 's',
      queries: quantiles(histogram),
      orange,
      red,
    }),
    graph({
      title: 'Latency by command, 99 %',
      description: 'How long 99 of 100 operations take at most.',
      unit: 's',
      queries: quantiles(histogram, { by: ['command'], of: [0.99] }),
    }),
    graph({
      title: 'Operations',
      description: 'Per second, by command.',
      unit: 'ops',
      queries: [[`sum by (command) (rate(${histogram}_count[$__rate_interval]))`, '{{command}}']],
    }),
  ],
});

export const stores = dashboard({
  uid: 'stores',
  title: 'Stores and api',
  description: 'How MongoDB and Redis answer the applications, and how the api answers its callers.',
  rows: [
    {
      title: 'Now',
      panels: [
        figure({
          title: 'MongoDB, 99 %',
          description: 'How long 99 of 100 operations take at most.',
          expr: p99('communication_mongodb_operation_seconds'),
          unit: 's',
          orange: 0.1,
          red: 0.5,
        }),
        figure({
          title: 'Redis, 99 %',
          description: 'How long 99 of 100 commands take at most.',
          expr: p99('communication_redis_operation_seconds'),
          unit: 's',
          orange: 0.05,
          red: 0.1,
        }),
        figure({
          title: 'Errors',
          description: 'Operations on MongoDB and Redis that failed, per minute.',
          expr: '60 * sum by (store) (rate(communication_store_errors_total[5m]))',
          legend: '{{store}}',
          decimals: 1,
          orange: 0.1,
          red: 6,
        }),
        figure({
          title: 'Requests failed',
          description: 'The share of requests to the api that were answered with 5xx.',
          expr: 'sum(rate(communication_http_request_seconds_count{status=~"5.."}[5m])) / sum(rate(communication_http_request_seconds_count[5m]))',
          unit: 'percentunit',
          decimals: 1,
          orange: 0.01,
          red: 0.05,
        }),
      ],
    },
    latencies('MongoDB', 'communication_mongodb_operation_seconds', 0.1, 0.5),
    latencies('Redis', 'communication_redis_operation_seconds', 0.05, 0.1),
    {
      title: 'Api',
      panels: [
        graph({
          title: 'Requests',
          description: 'Per second, by the answer.',
          unit: 'reqps',
          stacked: true,
          queries: [
            ['sum by (status) (rate(communication_http_request_seconds_count[$__rate_interval]))', '{{status}}'],
          ],
        }),
        graph({
          title: 'Latency by route, 99 %',
          description: 'How long 99 of 100 requests take at most.',
          unit: 's',
          queries: quantiles('communication_http_request_seconds', { by: ['method', 'route'], of: [0.99] }),
        }),
        graph({
          title: 'Errors of the stores',
          description: 'Operations on MongoDB and Redis that failed, per minute.',
          queries: [['60 * sum by (store) (rate(communication_store_errors_total[$__rate_interval]))', '{{store}}']],
        }),
      ],
    },
  ],
});
