import { FAR_FUTURE } from './draft.js';
import { HOUR, type Line, live, message, operator, reply, type Scenario, stage, story } from './fixtures/scenario.js';

/** Design, section 4, "Escalation", and the user's document, "Hybrid Progression", word for word. */
const DOCUMENTED = {
  response_required: true,
  min_responses_required: 2,
  min_stage_duration_hours: 48,
  max_stage_duration_hours: 168,
  advance_on_failure: false,
  escalation_after_hours: 120,
  escalation_action: 'notify_manager',
};
const hybrid = { a: stage([message()], DOCUMENTED) };
const take = (hour: number) => operator(hour, { name: 'take' });
const release = (hour: number) => operator(hour, { name: 'release' });
const TAKEN: (hour: number) => Line = (hour) => [hour, 'command', 'take'];
const SUCCESS: (hour: number) => Line = (hour) => [hour, 'completed', 'success', 'all_stages_completed'];

const cases: [name: string, scenario: Scenario, lines: Line[]][] = [
  [
    "the document's hybrid rule escalates silence and fails at the maximum",
    { stages: hybrid },
    [
      [0, 'sent', 'a/0'],
      [120, 'escalated', 'notify_manager'],
      [168, 'escalation_resolved', 'completed'],
      [168, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    "one reply of two does not satisfy the document's hybrid rule",
    { stages: hybrid, events: [reply(10)] },
    [
      [0, 'sent', 'a/0'],
      [10, 'response', 'qualifying'],
      [120, 'escalated', 'notify_manager'],
      [168, 'escalation_resolved', 'completed'],
      [168, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    "two early replies advance the document's hybrid rule at the minimum",
    { stages: hybrid, events: [reply(10), reply(20)] },
    [[0, 'sent', 'a/0'], [10, 'response', 'qualifying'], [20, 'response', 'qualifying'], SUCCESS(48)],
  ],
  [
    'the reply that satisfies resolves the escalation',
    { stages: hybrid, events: [reply(10), reply(130)] },
    [
      [0, 'sent', 'a/0'],
      [10, 'response', 'qualifying'],
      [120, 'escalated', 'notify_manager'],
      [130, 'response', 'qualifying'],
      [130, 'escalation_resolved', 'satisfied'],
      SUCCESS(130),
    ],
  ],
  [
    'a reply that satisfies at the instant of the escalation comes first',
    { stages: hybrid, events: [reply(10), reply(120)] },
    [[0, 'sent', 'a/0'], [10, 'response', 'qualifying'], [120, 'response', 'qualifying'], SUCCESS(120)],
  ],
  [
    'an escalation at the instant at which the stage is left is not issued',
    { stages: { a: stage([message()], { ...DOCUMENTED, escalation_after_hours: 168 }) } },
    [
      [0, 'sent', 'a/0'],
      [168, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'without an action the manager is notified, and sends of the same instant come first',
    {
      stages: {
        a: stage([message({ max_follow_ups: 1, follow_up_delay_hours: 10 })], {
          response_required: true,
          max_stage_duration_hours: 20,
          escalation_after_hours: 10,
        }),
      },
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      [10, 'escalated', 'notify_manager'],
      [20, 'escalation_resolved', 'completed'],
      [20, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'every visit of a stage can escalate once',
    {
      stages: {
        a: {
          ...stage([], {
            max_stage_duration_hours: 10,
            auto_advance_after_max_duration: true,
            escalation_after_hours: 4,
            escalation_action: 'page_sales',
            next_stage: 'a',
          }),
          max_visits: 2,
        },
      },
    },
    [
      [4, 'escalated', 'page_sales'],
      [10, 'escalation_resolved', 'advanced'],
      [10, 'advanced', 'a', 'max_duration'],
      [14, 'escalated', 'page_sales'],
      [20, 'escalation_resolved', 'completed'],
      [20, 'completed', 'failed', 'loop_limit'],
    ],
  ],
  [
    'a taken escalation holds the maximum, which moves by the held time when it is released',
    { stages: hybrid, events: [take(125), release(145)] },
    [
      [0, 'sent', 'a/0'],
      [120, 'escalated', 'notify_manager'],
      TAKEN(125),
      [145, 'command', 'release'],
      [188, 'escalation_resolved', 'completed'],
      [188, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'taken over the maximum and released, the conversation has the rest of its time',
    { stages: hybrid, events: [take(160), release(400)] },
    [
      [0, 'sent', 'a/0'],
      [120, 'escalated', 'notify_manager'],
      TAKEN(160),
      [400, 'command', 'release'],
      [408, 'escalation_resolved', 'completed'],
      [408, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'whoever looks while it is taken finds nothing to do',
    {
      stages: { a: stage([message({ max_follow_ups: 9, follow_up_delay_hours: 50 })], DOCUMENTED) },
      events: [take(125)],
      looks: [126, 150, 151, 168, 169, 500],
    },
    [
      [0, 'sent', 'a/0'],
      [50, 'sent', 'a/0+1'],
      [100, 'sent', 'a/0+2'],
      [120, 'escalated', 'notify_manager'],
      TAKEN(125),
    ],
  ],
  [
    'a taken escalation holds the follow-ups, which move by the held time',
    {
      stages: { a: stage([message({ max_follow_ups: 9, follow_up_delay_hours: 50 })], DOCUMENTED) },
      events: [take(125), release(145)],
    },
    [
      [0, 'sent', 'a/0'],
      [50, 'sent', 'a/0+1'],
      [100, 'sent', 'a/0+2'],
      [120, 'escalated', 'notify_manager'],
      TAKEN(125),
      [145, 'command', 'release'],
      [170, 'sent', 'a/0+3'],
      [188, 'escalation_resolved', 'completed'],
      [188, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'a taken escalation holds neither later messages nor the minimum',
    {
      stages: {
        a: stage([message(), message({ delay_hours: 30 })], { ...DOCUMENTED, escalation_after_hours: 10 }),
        last: stage([], { min_stage_duration_hours: 1 }),
      },
      events: [take(12), reply(35), reply(40)],
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'escalated', 'notify_manager'],
      TAKEN(12),
      [30, 'sent', 'a/1'],
      [35, 'response', 'qualifying'],
      [40, 'response', 'qualifying'],
      [40, 'escalation_resolved', 'satisfied'],
      [48, 'advanced', 'last', 'response'],
      SUCCESS(49),
    ],
  ],
  [
    'a released escalation does not move messages that were due meanwhile or are due later',
    {
      stages: {
        a: stage([message(), message({ delay_hours: 30 })], { ...DOCUMENTED, escalation_after_hours: 10 }),
      },
      events: [take(12), release(22)],
      until: 100,
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'escalated', 'notify_manager'],
      TAKEN(12),
      [22, 'command', 'release'],
      [30, 'sent', 'a/1'],
    ],
  ],
  [
    'used-up follow-ups do not end the stage while the escalation is taken',
    {
      stages: {
        a: stage([message({ follow_up_delay_hours: 10 })], {
          response_required: true,
          max_stage_duration_hours: 100,
          max_follow_ups: 1,
          escalation_after_hours: 5,
        }),
      },
      events: [take(15), release(40)],
    },
    [
      [0, 'sent', 'a/0'],
      [5, 'escalated', 'notify_manager'],
      [10, 'sent', 'a/0+1'],
      TAKEN(15),
      [40, 'command', 'release'],
      [45, 'escalation_resolved', 'completed'],
      [45, 'completed', 'failed', 'follow_ups_exhausted'],
    ],
  ],
  [
    'a taken escalation does not outlive the campaign',
    { stages: hybrid, campaign: { end_at: 300 * HOUR }, events: [take(125)] },
    [
      [0, 'sent', 'a/0'],
      [120, 'escalated', 'notify_manager'],
      TAKEN(125),
      [300, 'escalation_resolved', 'completed'],
      [300, 'completed', 'expired', 'campaign_ended'],
    ],
  ],
  [
    'where there is nothing to take or to release, nothing happens',
    { stages: hybrid, events: [take(5), release(6), release(130)], until: 167 },
    [
      [0, 'sent', 'a/0'],
      TAKEN(5),
      [6, 'command', 'release'],
      [120, 'escalated', 'notify_manager'],
      [130, 'command', 'release'],
    ],
  ],
];

describe('hybrid stages and escalation', () => {
  it.each(cases)('%s', (_name, scenario, lines) => {
    expect(story(scenario)).toEqual(lines);
  });

  it('hands the escalation out as an effect, once', () => {
    const issued: unknown[] = [];
    live({ stages: hybrid, observe: (_input, { escalation }) => escalation && issued.push(escalation) });
    expect(issued).toEqual([
      {
        kind: 'escalation',
        key: 'camp/ada/a/1',
        stage: 'a',
        visit: 1,
        action: 'notify_manager',
        decided_at: 120 * HOUR,
      },
    ]);
  });

  it('waits for its operator alone while an escalation is taken', () => {
    const { state } = live({ stages: hybrid, events: [take(125)] });
    expect(state.next_action_at).toBe(FAR_FUTURE);
    expect(state.escalation).toEqual({
      key: 'camp/ada/a/1',
      action: 'notify_manager',
      status: 'taken',
      opened_at: 120 * HOUR,
      taken_by: 'olga',
      taken_at: 125 * HOUR,
    });
  });
});
