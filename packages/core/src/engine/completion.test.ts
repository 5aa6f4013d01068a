import type { CampaignTemplate } from '../schemas/template.js';
import {
  bounced,
  HOUR,
  type Line,
  live,
  message,
  optOut,
  reply,
  type Scenario,
  stage,
  story,
} from './fixtures/scenario.js';

/** Design, section 4, "Completion", and the whole templates of the user's document by their timings. */
const asks = (rules = {}) => stage([message()], { response_required: true, max_stage_duration_hours: 50, ...rules });
const completes = (conditions: CampaignTemplate['completion_conditions']) => ({
  completion_conditions: conditions ?? {},
});

const sales: Scenario = {
  stages: {
    awareness: stage([message({ delay_hours: 0, max_follow_ups: 2, follow_up_delay_hours: 48 })], {
      response_required: true,
      min_stage_duration_hours: 24,
      max_stage_duration_hours: 168,
    }),
    consideration: stage([message({ delay_hours: 24, max_follow_ups: 2, follow_up_delay_hours: 72 })], {
      response_required: true,
      min_stage_duration_hours: 48,
      max_stage_duration_hours: 336,
    }),
    decision: stage([message({ delay_hours: 48, max_follow_ups: 3, follow_up_delay_hours: 96 })], {
      response_required: true,
      min_stage_duration_hours: 72,
      max_stage_duration_hours: 504,
    }),
  },
  template: completes({ all_stages_completed: true, specific_response_received: 'accept_proposal' }),
};

const support: Scenario = {
  stages: {
    initial_followup: stage([message({ delay_hours: 24, max_follow_ups: 1, follow_up_delay_hours: 48 })], {
      response_required: true,
      min_stage_duration_hours: 24,
      max_stage_duration_hours: 96,
    }),
    feedback: stage([message({ delay_hours: 4, max_follow_ups: 1, follow_up_delay_hours: 48 })], {
      response_required: true,
      min_stage_duration_hours: 4,
      max_stage_duration_hours: 72,
    }),
    satisfaction: stage(
      [
        {
          template: 'You gave {{response.rating}}.',
          conditional_templates: [
            { condition: 'response.rating < 4', template: 'We are sorry.' },
            { condition: 'response.rating >= 4', template: 'We are glad.' },
          ],
          timing: { delay_hours: 4, max_follow_ups: 0 },
        },
      ],
      { response_required: false, min_stage_duration_hours: 4, max_stage_duration_hours: 48 },
    ),
  },
  template: completes({ all_stages_completed: true }),
};

const cases: [name: string, scenario: Scenario, lines: Line[]][] = [
  [
    'the hoped-for intent completes at once with success, whatever the stage and its minimum',
    {
      stages: { a: asks({ min_stage_duration_hours: 40 }), b: asks() },
      template: completes({ specific_response_received: 'deal' }),
      events: [reply(3, 'deal')],
    },
    [
      [0, 'sent', 'a/0'],
      [3, 'response', 'qualifying'],
      [3, 'completed', 'success', 'specific_response_received'],
    ],
  ],
  [
    'the hoped-for intent completes even before any message',
    {
      stages: { a: stage([message({ delay_hours: 9 })]) },
      template: completes({ specific_response_received: 'deal' }),
      events: [reply(3, 'deal')],
    },
    [
      [3, 'response'],
      [3, 'completed', 'success', 'specific_response_received'],
    ],
  ],
  [
    'what was decided and has not left when the conversation ends is withdrawn',
    {
      stages: { a: asks() },
      template: completes({ specific_response_received: 'deal' }),
      ledger: { 'a/0': 'no row' },
      events: [reply(3, 'deal')],
    },
    [
      [0, 'sent', 'a/0'],
      [3, 'response'],
      [3, 'voided', 'a/0', 'completed'],
      [3, 'completed', 'success', 'specific_response_received'],
    ],
  ],
  [
    'leaving the last stage is a success where no intent is hoped for',
    { stages: { a: stage([message()]) } },
    [
      [0, 'sent', 'a/0'],
      [0, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'leaving the last stage without the hoped-for intent is a failure',
    { stages: { a: stage([message()]) }, template: completes({ specific_response_received: 'deal' }) },
    [
      [0, 'sent', 'a/0'],
      [0, 'completed', 'failed', 'specific_response_not_received'],
    ],
  ],
  [
    'leaving the last stage without the hoped-for intent is a success where all stages are enough',
    {
      stages: { a: stage([message()]) },
      template: completes({ specific_response_received: 'deal', all_stages_completed: true }),
    },
    [
      [0, 'sent', 'a/0'],
      [0, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'leaving the last stage through `advance_on_failure` is a failure',
    { stages: { a: asks({ advance_on_failure: true }) }, template: completes({ all_stages_completed: true }) },
    [
      [0, 'sent', 'a/0'],
      [50, 'completed', 'failed', 'advance_on_failure'],
    ],
  ],
  [
    'an earlier stage left through `advance_on_failure` does not spoil a success',
    { stages: { a: asks({ advance_on_failure: true }), b: stage([message()]) } },
    [
      [0, 'sent', 'a/0'],
      [50, 'advanced', 'b', 'max_duration'],
      [50, 'sent', 'b/0'],
      [50, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    "the campaign's end expires what is left",
    { stages: { a: asks() }, campaign: { end_at: 20 * HOUR } },
    [
      [0, 'sent', 'a/0'],
      [20, 'completed', 'expired', 'campaign_ended'],
    ],
  ],
  [
    "a message due at the campaign's end is not sent",
    { stages: { a: stage([message({ delay_hours: 20 })]) }, campaign: { end_at: 20 * HOUR } },
    [[20, 'completed', 'expired', 'campaign_ended']],
  ],
  [
    'a campaign whose dates have passed expires without a message',
    { ...sales, campaign: { end_at: -1 } },
    [[0, 'completed', 'expired', 'campaign_ended']],
  ],
  [
    'an opt-out ends the conversation at once',
    { stages: { a: asks() }, events: [optOut(3), reply(4)] },
    [
      [0, 'sent', 'a/0'],
      [3, 'completed', 'opted_out', 'opt_out'],
    ],
  ],
  [
    'a bounce of a message that had left ends the conversation as undeliverable',
    { stages: { a: asks(), b: asks() }, events: [reply(2), bounced(3, 'a/0'), reply(4)] },
    [
      [0, 'sent', 'a/0'],
      [2, 'response', 'qualifying'],
      [2, 'advanced', 'b', 'response'],
      [2, 'sent', 'b/0'],
      [3, 'delivery', 'a/0', 'bounced', 'no such mailbox'],
      [3, 'completed', 'failed', 'undeliverable'],
    ],
  ],
  [
    'a bounce takes back what has not left',
    {
      stages: { a: stage([message(), message({ delay_hours: 2 })]) },
      ledger: { 'a/1': 'no row' },
      events: [bounced(3, 'a/0')],
    },
    [
      [0, 'sent', 'a/0'],
      [2, 'sent', 'a/1'],
      [3, 'delivery', 'a/0', 'bounced', 'no such mailbox'],
      [3, 'voided', 'a/1', 'completed'],
      [3, 'completed', 'failed', 'undeliverable'],
    ],
  ],
  [
    'a bounce that comes after the end changes nothing',
    { stages: { a: asks() }, events: [optOut(3), bounced(4, 'a/0')] },
    [
      [0, 'sent', 'a/0'],
      [3, 'completed', 'opted_out', 'opt_out'],
    ],
  ],
  [
    "the document's sales template follows up a silent lead twice and gives up after a week",
    sales,
    [
      [0, 'sent', 'awareness/0'],
      [48, 'sent', 'awareness/0+1'],
      [96, 'sent', 'awareness/0+2'],
      [168, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    "the document's sales template leads an interested recipient to an accepted proposal",
    { ...sales, events: [reply(6), reply(130), reply(300, 'accept_proposal')] },
    [
      [0, 'sent', 'awareness/0'],
      [6, 'response', 'qualifying'],
      [24, 'advanced', 'consideration', 'response'],
      [48, 'sent', 'consideration/0'],
      [120, 'sent', 'consideration/0+1'],
      [130, 'response', 'qualifying'],
      [130, 'advanced', 'decision', 'response'],
      [178, 'sent', 'decision/0'],
      [274, 'sent', 'decision/0+1'],
      [300, 'response', 'qualifying'],
      [300, 'completed', 'success', 'specific_response_received'],
    ],
  ],
  [
    "the document's sales template gives a silent decision its three follow-ups and three weeks",
    { ...sales, events: [reply(6), reply(60)] },
    [
      [0, 'sent', 'awareness/0'],
      [6, 'response', 'qualifying'],
      [24, 'advanced', 'consideration', 'response'],
      [48, 'sent', 'consideration/0'],
      [60, 'response', 'qualifying'],
      [72, 'advanced', 'decision', 'response'],
      [120, 'sent', 'decision/0'],
      [216, 'sent', 'decision/0+1'],
      [312, 'sent', 'decision/0+2'],
      [408, 'sent', 'decision/0+3'],
      [576, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    "the document's support template asks a silent customer twice and ends after four days",
    support,
    [
      [24, 'sent', 'initial_followup/0'],
      [72, 'sent', 'initial_followup/0+1'],
      [96, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    "the document's support template runs through all three stages",
    { ...support, events: [reply(30), reply(90, undefined, { rating: 3 })] },
    [
      [24, 'sent', 'initial_followup/0'],
      [30, 'response', 'qualifying'],
      [30, 'advanced', 'feedback', 'response'],
      [34, 'sent', 'feedback/0'],
      [82, 'sent', 'feedback/0+1'],
      [90, 'response', 'qualifying'],
      [90, 'advanced', 'satisfaction', 'response'],
      [94, 'sent', 'satisfaction/0'],
      [94, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
];

describe('completion', () => {
  it.each(cases)('%s', (_name, scenario, lines) => {
    expect(story(scenario)).toEqual(lines);
  });

  it.each([
    [3, 'We are sorry.'],
    [4, 'We are glad.'],
    ['5', 'We are glad.'],
  ])("the document's support template answers a rating of %j", (rating, text) => {
    const { texts } = live({ ...support, events: [reply(30), reply(40, undefined, { rating })] });
    expect(texts.at(-1)).toBe(text);
  });

  it('a message that the decision itself withdraws is not handed out', () => {
    const rules = { auto_advance_after_max_duration: true, min_stage_duration_hours: 24, max_stage_duration_hours: 90 };
    const { lines, texts } = live({
      stages: { a: stage([message({}, 'first'), message({ delay_hours: 24 }, 'second')], rules) },
      events: [reply(3)],
    });
    expect(lines.slice(2)).toEqual([
      [24, 'sent', 'a/1'],
      [24, 'voided', 'a/1', 'completed'],
      [24, 'completed', 'success', 'all_stages_completed'],
    ]);
    expect(texts).toEqual(['first']);
  });
});
