import { HOUR, type Line, live, message, reply, type Scenario, stage, story } from './fixtures/scenario.js';

/** Design, section 4, "Time": the delay factor, and what an outage or a slow delivery moves. */
const rich: Scenario = {
  stages: {
    a: stage(
      [message({ delay_hours: 4, max_follow_ups: 1, follow_up_delay_hours: 20 }), message({ delay_hours: 40 })],
      {
        response_required: true,
        min_stage_duration_hours: 60,
        max_stage_duration_hours: 100,
        escalation_after_hours: 50,
      },
    ),
  },
};
const followed = message({ max_follow_ups: 9, follow_up_delay_hours: 20 });
const waiting = { response_required: true, max_stage_duration_hours: 100 };

const cases: [name: string, scenario: Scenario, lines: Line[]][] = [
  [
    'in time',
    rich,
    [
      [4, 'sent', 'a/0'],
      [24, 'sent', 'a/0+1'],
      [40, 'sent', 'a/1'],
      [50, 'escalated', 'notify_manager'],
      [100, 'escalation_resolved', 'completed'],
      [100, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'the factor multiplies every number of hours',
    { ...rich, factor: 0.5 },
    [
      [2, 'sent', 'a/0'],
      [12, 'sent', 'a/0+1'],
      [20, 'sent', 'a/1'],
      [25, 'escalated', 'notify_manager'],
      [50, 'escalation_resolved', 'completed'],
      [50, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'the factor multiplies the minimum too',
    { ...rich, factor: 2, events: [reply(30)] },
    [
      [8, 'sent', 'a/0'],
      [30, 'response', 'qualifying'],
      [120, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'an outage when the first message is due moves everything after it',
    { ...rich, outages: [[1, 14]] },
    [
      [14, 'sent', 'a/0'],
      [34, 'sent', 'a/0+1'],
      [50, 'sent', 'a/1'],
      [60, 'escalated', 'notify_manager'],
      [110, 'escalation_resolved', 'completed'],
      [110, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'an outage when the first message is due moves the minimum',
    { ...rich, outages: [[1, 14]], events: [reply(20)] },
    [
      [14, 'sent', 'a/0'],
      [20, 'response', 'qualifying'],
      [70, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'a first message that the channel delivers late moves everything after it as well',
    { ...rich, ledger: { 'a/0': { outcome: 'sent', at: 14 } } },
    [
      [4, 'sent', 'a/0'],
      [34, 'sent', 'a/0+1'],
      [50, 'sent', 'a/1'],
      [60, 'escalated', 'notify_manager'],
      [110, 'escalation_resolved', 'completed'],
      [110, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'decided late and delivered late add up',
    { ...rich, outages: [[1, 6]], ledger: { 'a/0': { outcome: 'sent', at: 14 } }, events: [reply(20)] },
    [
      [6, 'sent', 'a/0'],
      [20, 'response', 'qualifying'],
      [70, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'a delivery within one second of the decision moves nothing',
    { ...rich, ledger: { 'a/0': { outcome: 'sent', at: 4 + 1 / 3600 } }, until: 30 },
    [
      [4, 'sent', 'a/0'],
      [24, 'sent', 'a/0+1'],
    ],
  ],
  [
    'a later message that leaves late moves its own follow-ups, but no deadline',
    {
      stages: { a: stage([message(), { ...followed, timing: { ...followed.timing, delay_hours: 10 } }], waiting) },
      outages: [[5, 30]],
    },
    [
      [0, 'sent', 'a/0'],
      [30, 'sent', 'a/1'],
      [50, 'sent', 'a/1+1'],
      [70, 'sent', 'a/1+2'],
      [90, 'sent', 'a/1+3'],
      [100, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'follow-ups that fell into an outage do not burst out after it',
    { stages: { a: stage([followed], waiting) }, outages: [[5, 75]] },
    [
      [0, 'sent', 'a/0'],
      [75, 'sent', 'a/0+1'],
      [95, 'sent', 'a/0+2'],
      [100, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'an outage over the maximum ends the stage without follow-ups',
    { stages: { a: stage([followed], { ...waiting, escalation_after_hours: 50 }) }, outages: [[5, 300]] },
    [
      [0, 'sent', 'a/0'],
      [300, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'a reply that came during an outage over the maximum is applied first',
    { stages: { a: stage([followed], waiting) }, outages: [[5, 300]], events: [reply(10)] },
    [
      [0, 'sent', 'a/0'],
      [10, 'response', 'qualifying'],
      [300, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    "an outage over the campaign's end sends nothing after it",
    { stages: { a: stage([followed], waiting) }, outages: [[0, 300]], campaign: { end_at: 200 * HOUR } },
    [[300, 'completed', 'expired', 'campaign_ended']],
  ],
  [
    'the next visit is not late any more',
    {
      stages: { a: stage([message()], { min_stage_duration_hours: 10 }), b: stage([message({ delay_hours: 3 })]) },
      outages: [[0, 5]],
    },
    [
      [5, 'sent', 'a/0'],
      [15, 'advanced', 'b', 'messages_sent'],
      [18, 'sent', 'b/0'],
      [18, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
];

describe('lateness and time', () => {
  it.each(cases)('%s', (_name, scenario, lines) => {
    expect(story(scenario)).toEqual(lines);
  });

  it('keeps a stage change at the time at which it was decided', () => {
    const { state } = live({
      stages: { a: stage([], { min_stage_duration_hours: 10 }), b: stage([message({ delay_hours: 3 })]) },
      outages: [[9, 20]],
      until: 21,
    });
    expect(state).toMatchObject({ current_stage: 'b', stage_entered_at: 20 * HOUR, next_action_at: 23 * HOUR });
  });
});
