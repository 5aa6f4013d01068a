import { dashboard, figure, graph, quantiles } from './panels.mjs';

/** Node's own metrics, of our processes only: other applications have the same names. */
const ours = (expr) => `(${expr}) and on (job, instance) communication_processes`;

export const queuesAndWorkers = dashboard({
  uid: 'queues-and-workers',
  title: 'Queues and workers',
  description: 'Whether the system keeps up, and what its processes are busy with.',
  rows: [
    {
      title: 'Now',
      panels: [
        figure({
          title: 'Processes',
          description: 'Processes that answer, by app.',
          expr: 'sum by (app) (communication_processes)',
          legend: '{{app}}',
        }),
        figure({
          title: 'Unready checks',
          description: 'Checks of readiness that a process does not pass; /health/ready of that process says why.',
          expr: 'count(communication_ready == 0) or vector(0)',
          red: 1,
        }),
        figure({
          title: 'Oldest due',
          description: 'For how long the conversation has been due that has been due for longest.',
          expr: 'max(communication_oldest_due_seconds)',
          unit: 's',
          orange: 120,
          red: 600,
        }),
        figure({
          title: 'Due lag, 99 %',
          description: 'How late 99 of 100 conversations are decided at most.',
          expr: 'histogram_quantile(0.99, sum by (le) (rate(communication_due_lag_seconds_bucket[5m])))',
          unit: 's',
          orange: 10,
          red: 60,
        }),
        figure({
          title: 'Jobs waiting',
          description: 'Jobs that a worker could take at once, in all queues.',
          expr: 'sum(max by (queue) (communication_queue_jobs{state="waiting"}))',
        }),
        figure({
          title: 'Jobs failed',
          description:
            'Jobs that failed for good. What they were to do is found again by the sweep; BullMQ keeps 1000.',
          expr: 'sum(max by (queue) (communication_queue_jobs{state="failed"}))',
          orange: 1,
        }),
      ],
    },
    {
      title: 'Are we late',
      panels: [
        graph({
          title: 'Oldest due',
          description: 'For how long the conversation has been due that has been due for longest.',
          unit: 's',
          queries: [['max(communication_oldest_due_seconds)', 'oldest due']],
          orange: 120,
          red: 600,
        }),
        graph({
          title: 'Due lag',
          description: 'Time from due to decided, of sampled conversations.',
          unit: 's',
          queries: quantiles('communication_due_lag_seconds'),
        }),
        graph({
          title: 'Horizon',
          description: 'Conversations that are due within one polling interval; 20,000 means that many or more.',
          queries: [['max(communication_horizon_conversations)', 'conversations']],
        }),
      ],
    },
    {
      title: 'Queues',
      panels: [
        graph({
          title: 'Jobs waiting',
          description: 'Jobs that a worker could take at once.',
          stacked: true,
          queries: [['max by (queue) (communication_queue_jobs{state="waiting"})', '{{queue}}']],
        }),
        graph({
          title: 'Jobs delayed, active and failed',
          description: 'Delayed jobs have a time to come; active ones are with a worker.',
          queries: [['max by (queue, state) (communication_queue_jobs{state!="waiting"})', '{{queue}} {{state}}']],
        }),
        graph({
          title: 'Jobs added',
          description: 'Jobs per second that Redis took.',
          unit: 'ops',
          queries: [
            ['sum by (queue, name) (rate(communication_jobs_enqueued_total[$__rate_interval]))', '{{queue}} {{name}}'],
          ],
        }),
      ],
    },
    {
      title: 'Work',
      panels: [
        graph({
          title: 'Decisions',
          description:
            'Conversations per second. lost_race: somebody else was faster, and the decision was dropped; early: it was not due yet.',
          unit: 'ops',
          queries: [['sum by (outcome) (rate(communication_decisions_total[$__rate_interval]))', '{{outcome}}']],
        }),
        graph({
          title: 'Conversations in a batch',
          description: 'The fuller, the cheaper is one of them. The limit is CAMPAIGN_MAX_BATCH_SIZE.',
          queries: quantiles('communication_batch_size', { of: [0.5, 0.95] }),
        }),
        graph({
          title: 'Given out once more',
          description:
            'Conversations per minute whose job did not do: it came early, a message was still on the wire, the decision failed, or the worker was lost.',
          queries: [['60 * sum by (reason) (rate(communication_redispatches_total[$__rate_interval]))', '{{reason}}']],
        }),
        graph({
          title: 'Repairs',
          description:
            'Things found unfinished and finished, per minute. After a crash some are normal; without one they are not.',
          queries: [['60 * sum by (kind) (rate(communication_repairs_total[$__rate_interval])) > 0', '{{kind}}']],
        }),
      ],
    },
    {
      title: 'Processes',
      panels: [
        graph({
          title: 'Event-loop lag, 99 %',
          description:
            'How long what is ready to run waits for its turn in Node; of a worker app that of the process that lags most.',
          unit: 's',
          queries: [[ours('nodejs_eventloop_lag_p99_seconds'), '{{instance}}']],
          orange: 0.25,
        }),
        graph({
          title: 'CPU',
          description: 'Cores in use; of a worker app the sum of its processes.',
          queries: [[ours('rate(process_cpu_seconds_total[$__rate_interval])'), '{{instance}}']],
        }),
        graph({
          title: 'Memory',
          description: 'Resident memory; of a worker app the sum of its processes.',
          unit: 'bytes',
          queries: [[ours('process_resident_memory_bytes'), '{{instance}}']],
        }),
        graph({
          title: 'Polls',
          description: 'Looks at what is due, per minute and by how they ended.',
          queries: [['60 * sum by (outcome) (rate(communication_polls_total[$__rate_interval]))', '{{outcome}}']],
        }),
      ],
    },
  ],
});
