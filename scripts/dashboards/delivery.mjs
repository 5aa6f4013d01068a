import { dashboard, figure, graph, quantiles } from './panels.mjs';

export const delivery = dashboard({
  uid: 'delivery',
  title: 'Delivery',
  description: 'What becomes of messages, how fast providers answer, and whether the promises about sending are kept.',
  rows: [
    {
      title: 'Now',
      panels: [
        figure({
          title: 'Sent per minute',
          description: 'Messages that a provider accepted.',
          expr: '60 * sum(rate(communication_messages_total{outcome="sent"}[5m]))',
          decimals: 0,
        }),
        figure({
          title: 'Failed or unknown',
          description:
            'The share of the sendings of a quarter of an hour that were rejected, or of which nobody knows.',
          expr: 'sum(rate(communication_messages_total{outcome=~"failed|unknown"}[15m])) / sum(rate(communication_messages_total[15m]))',
          unit: 'percentunit',
          decimals: 1,
          orange: 0.05,
          red: 0.1,
        }),
        figure({
          title: 'Unknown',
          description: 'Messages of which nobody knows whether they were accepted: an operator decides about each.',
          expr: 'max(communication_messages_unknown)',
          orange: 1,
        }),
        figure({
          title: 'Quarantined',
          description: 'Messages put aside in the time that is shown, because their workers died of them.',
          expr: 'sum(increase(communication_messages_quarantined_total[$__range]))',
          decimals: 0,
          red: 1,
        }),
        figure({
          title: 'Channels paused',
          description: 'Channels through which nothing is sent, because too much failed or an operator said so.',
          expr: 'count(max by (channel) (communication_channel_paused) > 0) or vector(0)',
          red: 1,
        }),
      ],
    },
    {
      title: 'What becomes of messages',
      panels: [
        graph({
          title: 'Outcomes',
          description:
            'Sendings per minute. retry: deferred by the provider; suppressed and cancelled: not wanted any more.',
          queries: [
            [
              '60 * sum by (channel, outcome) (rate(communication_messages_total[$__rate_interval]))',
              '{{channel}} {{outcome}}',
            ],
          ],
        }),
        graph({
          title: 'Put off before they were tried',
          description:
            'Messages per minute that had to wait for a token, or for a channel that cannot be reached or is paused.',
          queries: [
            [
              '60 * sum by (channel, reason) (rate(communication_messages_postponed_total[$__rate_interval]))',
              '{{channel}} {{reason}}',
            ],
          ],
        }),
        graph({
          title: 'Unknown',
          description: 'Messages that wait for the decision of an operator.',
          queries: [['max(communication_messages_unknown)', 'unknown']],
          orange: 1,
        }),
      ],
    },
    {
      title: 'Providers',
      panels: [
        graph({
          title: 'Time to answer',
          description: 'How long a provider takes for one message, of sampled conversations.',
          unit: 's',
          queries: quantiles('communication_delivery_seconds', { by: ['channel'] }),
        }),
        graph({
          title: 'State of the channels',
          description:
            'Worker processes by the state that a channel is in for them; open and half_open: it cannot be reached.',
          queries: [['sum by (channel, state) (communication_channel_state)', '{{channel}} {{state}}']],
        }),
        graph({
          title: 'Pauses',
          description: 'How often a channel was paused for its error rate, in each hour.',
          queries: [['sum by (channel) (increase(communication_channel_pauses_total[1h]))', '{{channel}}']],
        }),
      ],
    },
    {
      title: 'Promises',
      panels: [
        graph({
          title: 'Ambiguous window',
          description:
            "From a provider's acceptance to our record of it. A worker that dies in between leaves a message unknown, so it should be short.",
          unit: 's',
          queries: quantiles('communication_ambiguous_window_seconds', { by: ['channel'] }),
          red: 1,
        }),
        graph({
          title: 'Gate to wire',
          description: 'From the last look at what a message depends on to its first byte: 1 s at most.',
          unit: 's',
          queries: quantiles('communication_gate_to_wire_seconds', { by: ['channel'] }),
          red: 1,
        }),
      ],
    },
  ],
});
