/** Documents of the same structure as those of the user's guide, with texts of our own. */

export const template = {
  _id: 'trial_template_001',
  name: 'Trial',
  type: 'sales',
  description: 'From sign-up to contract',
  stages: {
    welcome: {
      name: 'Welcome',
      description: 'Say hello',
      messages: [
        {
          template: 'Hello {{recipient.first_name}}, {{product.title}} is open for {{recipient.company_name}}.',
          timing: { delay_hours: 0, max_follow_ups: 2, follow_up_delay_hours: 48 },
        },
      ],
      progression_rules: { response_required: true, min_stage_duration_hours: 24, max_stage_duration_hours: 168 },
    },
    offer: {
      name: 'Offer',
      messages: [
        {
          template: 'You said {{response.wish}}: shall we talk about {{product.title}} and {{product.promise}}?',
          timing: { delay_hours: 24, max_follow_ups: 3, follow_up_delay_hours: 96 },
        },
      ],
      progression_rules: { response_required: true, min_stage_duration_hours: 48, max_stage_duration_hours: 336 },
    },
  },
  default_initial_stage: 'welcome',
  completion_conditions: { all_stages_completed: true, specific_response_received: 'sign_contract' },
  metadata: { created_by: 'growth_team', version: '2.0.0', tags: ['trial'] },
};

export const recipients = ['user_1', 'user_2', 'user_3'].map((_id, index) => ({
  _id,
  first_name: ['Ada', 'Bob', 'Cleo'][index],
  email: `${_id}@example.com`,
  company_name: 'Example Ltd',
}));

/** As in the guide: dates that have passed, and `scheduled`. */
export const campaign = {
  _id: 'campaign_q3_trials_001',
  name: 'Q3 Trials',
  template_id: 'trial_template_001',
  type: 'sales',
  initial_stage: 'welcome',
  recipients: ['user_1', 'user_2', 'user_3'],
  context_data: { 'product.title': 'Ledgerly', 'product.promise': 'books that balance' },
  schedule: { start_date: '2023-07-01T09:00:00Z', end_date: '2023-09-30T23:59:59Z' },
  status: 'scheduled',
  conversation_states_initialized: false,
  metadata: { owner: 'growth_team', priority: 'high', tags: ['q3'] },
  created_at: '2023-06-15T14:32:10Z',
  created_by: 'user_admin',
};

/** The same, to be launched by hand, without dates. */
export function draft(_id: string, more: object = {}) {
  const { schedule: _schedule, status: _status, ...rest } = campaign;
  return { ...rest, _id, ...more };
}
