import { dashboard, figure, graph, quantiles } from './panels.mjs';

export const campaigns = dashboard({
  uid: 'campaigns',
  title: 'Campaigns',
  description:
    'What campaigns achieve. Counters begin anew when a process does; the exact totals of one campaign come from the api, GET /v1/campaigns/<id>/progress.',
  rows: [
    {
      title: 'Now',
      panels: [
        figure({
          title: 'Campaigns running',
          description: 'Campaigns whose status is running.',
          expr: 'max(communication_campaigns{status="running"})',
        }),
        figure({
          title: 'Conversations begun',
          description: 'Conversations initialized in the time that is shown.',
          expr: 'sum(increase(communication_conversations_initialized[$__range]))',
          decimals: 0,
        }),
        figure({
          title: 'Conversations completed',
          description: 'Conversations that ended in the time that is shown, with whatever result.',
          expr: 'sum(increase(communication_conversations_completed[$__range]))',
          decimals: 0,
        }),
        figure({
          title: 'Success',
          description: 'Of the conversations that ended in the time that is shown: the share with the result success.',
          expr: 'sum(increase(communication_conversations_completed{result="success"}[$__range])) / sum(increase(communication_conversations_completed[$__range]))',
          unit: 'percentunit',
          decimals: 1,
        }),
      ],
    },
    {
      title: 'Waiting for a human',
      panels: [
        figure({
          title: 'Escalations open',
          description: 'Escalations that nobody has resolved.',
          expr: 'max(communication_escalations_open)',
          orange: 1,
        }),
        figure({
          title: 'Oldest escalation',
          description: 'For how long the oldest open escalation has been waiting.',
          expr: 'max(communication_oldest_escalation_seconds)',
          unit: 's',
          orange: 3600,
          red: 14_400,
        }),
        figure({
          title: 'Conversations blocked',
          description: 'Conversations that cannot go on until an operator mends the cause and retries them.',
          expr: 'max(communication_conversations_blocked)',
          orange: 1,
        }),
      ],
    },
    {
      title: 'Conversations',
      panels: [
        graph({
          title: 'Begun and completed',
          description: 'Conversations per minute.',
          queries: [
            ['60 * sum(rate(communication_conversations_initialized[$__rate_interval]))', 'begun'],
            ['60 * sum(rate(communication_conversations_completed[$__rate_interval]))', 'completed'],
          ],
        }),
        graph({
          title: 'Results',
          description: 'Conversations completed per minute, by result.',
          stacked: true,
          queries: [
            [
              '60 * sum by (campaign_type, result) (rate(communication_conversations_completed[$__rate_interval]))',
              '{{campaign_type}} {{result}}',
            ],
          ],
        }),
        graph({
          title: 'Campaigns by status',
          description: 'Every campaign there is.',
          stacked: true,
          queries: [['max by (status) (communication_campaigns)', '{{status}}']],
        }),
      ],
    },
    {
      title: 'Stages',
      panels: [
        graph({
          title: 'Stages advanced',
          description: 'Conversations per minute that went from one stage to another.',
          queries: [
            [
              '60 * sum by (campaign_type, from_stage, to_stage) (rate(communication_stages_advanced[$__rate_interval]))',
              '{{campaign_type}}: {{from_stage}} to {{to_stage}}',
            ],
          ],
        }),
        graph({
          title: 'Time spent in a stage',
          description: 'Half and nine tenths of the conversations that left a stage within a day had left it by then.',
          unit: 's',
          queries: quantiles('communication_stage_duration_seconds', {
            by: ['campaign_type', 'stage'],
            of: [0.5, 0.9],
            range: '1d',
          }),
        }),
        graph({
          title: 'Stages left within',
          description:
            "Conversations by how long they spent in a stage, in the form of the user's document: each bucket holds the smaller ones. It needs the recording rules of rules.yaml.",
          queries: [
            [
              'sum by (campaign_type, stage, bucket) (communication_stage_duration_seconds)',
              '{{campaign_type}} {{stage}} {{bucket}}',
            ],
          ],
        }),
      ],
    },
    {
      title: 'Replies and escalations',
      panels: [
        graph({
          title: 'Replies',
          description:
            'Per minute, each once as received and once by what became of it. late and unmatched ones changed no conversation: operators see them.',
          queries: [['60 * sum by (status) (rate(communication_responses_total[$__rate_interval]))', '{{status}}']],
        }),
        graph({
          title: 'Inbound mails',
          description: 'Per minute, by what they were.',
          queries: [['60 * sum by (kind) (rate(communication_inbound_mails_total[$__rate_interval]))', '{{kind}}']],
        }),
        graph({
          title: 'Escalations and blocked conversations',
          description: 'Escalations that nobody has resolved, and conversations that are blocked.',
          queries: [
            ['max(communication_escalations_open)', 'escalations'],
            ['max(communication_conversations_blocked)', 'blocked'],
          ],
        }),
      ],
    },
  ],
});
