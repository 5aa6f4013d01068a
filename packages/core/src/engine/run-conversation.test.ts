import type { CampaignTemplate } from '../schemas/template.js';
import { compileTemplate } from './compile-template.js';
import { runConversation } from './run-conversation.js';
import type { CampaignFacts, InboxEvent } from './types.js';

const HOUR = 3_600_000;

const template: CampaignTemplate = {
  _id: 'nurture',
  name: 'Nurture',
  type: 'sales',
  stages: {
    hello: {
      messages: [
        { template: 'Hello {{recipient.first_name}}', timing: { max_follow_ups: 2, follow_up_delay_hours: 48 } },
      ],
      progression_rules: { response_required: true, min_stage_duration_hours: 24, max_stage_duration_hours: 168 },
    },
    bye: {
      messages: [{ template: 'Bye', timing: { delay_hours: 4 } }],
      progression_rules: { min_stage_duration_hours: 4, max_stage_duration_hours: 48 },
    },
  },
};

const campaign: CampaignFacts = {
  id: 'c',
  name: 'C',
  type: 'sales',
  context: {},
  end_at: null,
  missing_variables: 'error',
};

function run(events: readonly InboxEvent[]) {
  const { events: history } = runConversation({
    conversation_id: 'c/r',
    template: compileTemplate(template, 1),
    campaign,
    recipient: { first_name: 'Ada' },
    context: {},
    start: 0,
    events,
  });
  return history.map(({ at, type, reason, detail }) =>
    [at / HOUR, type, detail?.['key'] ?? detail?.['to_stage'] ?? detail?.['result'], reason].filter(
      (x) => x !== undefined,
    ),
  );
}

describe('runConversation', () => {
  it('follows up a silent recipient and gives up at the maximum', () => {
    expect(run([])).toEqual([
      [0, 'entered'],
      [0, 'sent', 'c/r/hello/1/0/0'],
      [48, 'sent', 'c/r/hello/1/0/1'],
      [96, 'sent', 'c/r/hello/1/0/2'],
      [168, 'completed', 'failed', 'max_duration'],
    ]);
  });

  it('advances on a reply, not before the minimum, and completes when the last message has left', () => {
    expect(run([{ id: 'r1', type: 'response', at: 6 * HOUR }])).toEqual([
      [0, 'entered'],
      [0, 'sent', 'c/r/hello/1/0/0'],
      [6, 'response'],
      [24, 'advanced', 'bye', 'response'],
      [24, 'entered'],
      [28, 'sent', 'c/r/bye/1/0/0'],
      [28, 'completed', 'success', 'all_stages_completed'],
    ]);
  });
});
