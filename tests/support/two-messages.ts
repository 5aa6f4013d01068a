import type { CampaignTemplate } from '@campaign-manager/core/schemas';

/** A question, and the answer to its reply. */
export const twoMessages: CampaignTemplate = {
  _id: 'two_messages',
  name: 'Two messages',
  type: 'sales',
  stages: {
    question: {
      messages: [{ template: 'Hello {{recipient.first_name}}, are you there?' }],
      progression_rules: { response_required: true },
    },
    answer: { messages: [{ template: 'Good to hear from you, {{recipient.first_name}}.' }] },
  },
};
