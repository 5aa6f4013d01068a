import type { CampaignTemplate } from '@campaign-manager/core/schemas';

/** One message at once, then a wait for a reply that outlives the run: each conversation takes exactly one step. */
export const TEMPLATE: CampaignTemplate = {
  _id: 'bench',
  name: 'Benchmark',
  type: 'sales',
  stages: {
    first: {
      messages: [
        {
          subject: 'A word on {{recipient.company_name}}',
          template:
            'Dear {{recipient.first_name}}, this is what our monthly letter looks like: two sentences of text with a name in it, and a question at the end. Shall we talk about {{recipient.company_name}}?',
        },
      ],
      progression_rules: { response_required: true, max_stage_duration_hours: 8000 },
    },
  },
};
