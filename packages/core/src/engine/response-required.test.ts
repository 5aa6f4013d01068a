import { decide } from './decide.js';
import { HOUR, inputOf, type Line, message, reply, type Scenario, stage, story } from './fixtures/scenario.js';

/** Design, section 4, "Qualifying response" and "response_required: true". */
const required = { response_required: true, max_stage_duration_hours: 50 };
const last = stage([], { min_stage_duration_hours: 1 });

/** The user's document, "Response-Based Progression", word for word. */
const DOCUMENTED = {
  response_required: true,
  specific_response_required: 'appointment_accepted',
  min_stage_duration_hours: 0,
  max_stage_duration_hours: 168,
  max_follow_ups: 3,
  advance_on_failure: true,
};

const cases: [name: string, scenario: Scenario, lines: Line[]][] = [
  [
    'a reply before the minimum advances at the minimum',
    { stages: { a: stage([message()], { ...required, min_stage_duration_hours: 24 }), last }, events: [reply(6)] },
    [
      [0, 'sent', 'a/0'],
      [6, 'response', 'qualifying'],
      [24, 'advanced', 'last', 'response'],
      [25, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'a reply after the minimum advances at once',
    { stages: { a: stage([message()], { ...required, min_stage_duration_hours: 24 }), last }, events: [reply(30)] },
    [
      [0, 'sent', 'a/0'],
      [30, 'response', 'qualifying'],
      [30, 'advanced', 'last', 'response'],
      [31, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'a reply at the very instant of the maximum still counts, since responses come first',
    { stages: { a: stage([message()], required), last }, events: [reply(50)] },
    [
      [0, 'sent', 'a/0'],
      [50, 'response', 'qualifying'],
      [50, 'advanced', 'last', 'response'],
      [51, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'a reply before the first message of the visit was accepted does not qualify',
    { stages: { a: stage([message({ delay_hours: 10 })], required) }, events: [reply(5)] },
    [
      [5, 'response'],
      [10, 'sent', 'a/0'],
      [50, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'a reply while the first message is still on its way to the provider does not qualify',
    {
      stages: { a: stage([message()], required) },
      ledger: { 'a/0': { outcome: 'sent', at: 8 } },
      events: [reply(5)],
    },
    [
      [0, 'sent', 'a/0'],
      [5, 'response'],
      [58, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'replies of one stage do not count for the next, nor does a reply before its own message',
    {
      stages: {
        a: stage([message()], { ...required, min_stage_duration_hours: 24 }),
        b: stage([message({ delay_hours: 10 })], required),
      },
      events: [reply(5), reply(6), reply(30)],
    },
    [
      [0, 'sent', 'a/0'],
      [5, 'response', 'qualifying'],
      [6, 'response', 'qualifying'],
      [24, 'advanced', 'b', 'response'],
      [30, 'response'],
      [34, 'sent', 'b/0'],
      [74, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'as many replies as required are counted',
    {
      stages: { a: stage([message()], { ...required, min_responses_required: 3 }) },
      events: [reply(1), reply(2), reply(3)],
    },
    [
      [0, 'sent', 'a/0'],
      [1, 'response', 'qualifying'],
      [2, 'response', 'qualifying'],
      [3, 'response', 'qualifying'],
      [3, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'where an intent is required, another reply does not qualify, though it moves the follow-ups',
    {
      stages: {
        a: stage([message({ max_follow_ups: 1, follow_up_delay_hours: 20 })], {
          ...required,
          specific_response_required: 'yes',
        }),
      },
      events: [reply(5, 'maybe'), reply(40, 'yes')],
    },
    [
      [0, 'sent', 'a/0'],
      [5, 'response'],
      [25, 'sent', 'a/0+1'],
      [40, 'response', 'qualifying'],
      [40, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'the required intent qualifies at any time of the visit, even before its first message',
    {
      stages: { a: stage([message({ delay_hours: 10 })], { ...required, specific_response_required: 'yes' }), last },
      events: [reply(5, 'yes')],
    },
    [
      [5, 'response', 'qualifying'],
      [5, 'advanced', 'last', 'response'],
      [6, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'at the maximum the conversation fails',
    { stages: { a: stage([message()], required), last } },
    [
      [0, 'sent', 'a/0'],
      [50, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'at the maximum it advances where `advance_on_failure` says so',
    { stages: { a: stage([message()], { ...required, advance_on_failure: true }), last } },
    [
      [0, 'sent', 'a/0'],
      [50, 'advanced', 'last', 'max_duration'],
      [51, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'at the maximum it advances where `auto_advance_after_max_duration` says so',
    { stages: { a: stage([message()], { ...required, auto_advance_after_max_duration: true }), last } },
    [
      [0, 'sent', 'a/0'],
      [50, 'advanced', 'last', 'max_duration'],
      [51, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'a message that falls due at the maximum leaves before the conversation ends',
    { stages: { a: stage([message(), message({ delay_hours: 50 })], required) } },
    [
      [0, 'sent', 'a/0'],
      [50, 'sent', 'a/1'],
      [50, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'used-up follow-ups wait one more delay for a reply',
    {
      stages: { a: stage([message({ follow_up_delay_hours: 10 })], { ...required, max_follow_ups: 1 }), last },
      events: [reply(19)],
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      [19, 'response', 'qualifying'],
      [19, 'advanced', 'last', 'response'],
      [20, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'a reply that does not satisfy moves the moment at which used-up follow-ups count',
    {
      stages: {
        a: stage([message({ follow_up_delay_hours: 10 })], {
          ...required,
          max_follow_ups: 1,
          min_responses_required: 2,
        }),
      },
      events: [reply(19)],
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      [19, 'response', 'qualifying'],
      [29, 'completed', 'failed', 'follow_ups_exhausted'],
    ],
  ],
  [
    'a stage without messages that requires any response waits for its maximum',
    { stages: { a: stage([], required) }, events: [reply(5)] },
    [
      [5, 'response'],
      [50, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    "the document's response-based rule advances without a minimum when the appointment is accepted",
    {
      stages: { a: stage([message({ follow_up_delay_hours: 24 })], DOCUMENTED), last },
      events: [reply(3, 'question'), reply(30, 'appointment_accepted')],
    },
    [
      [0, 'sent', 'a/0'],
      [3, 'response'],
      [27, 'sent', 'a/0+1'],
      [30, 'response', 'qualifying'],
      [30, 'advanced', 'last', 'response'],
      [31, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    "the document's response-based rule goes on one delay after its third follow-up",
    { stages: { a: stage([message({ follow_up_delay_hours: 24 })], DOCUMENTED), last } },
    [
      [0, 'sent', 'a/0'],
      [24, 'sent', 'a/0+1'],
      [48, 'sent', 'a/0+2'],
      [72, 'sent', 'a/0+3'],
      [96, 'advanced', 'last', 'follow_ups_exhausted'],
      [97, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    "the document's response-based rule goes on at the maximum where follow-ups are slow, and fails as a last stage",
    { stages: { a: stage([message({ follow_up_delay_hours: 48 })], DOCUMENTED) } },
    [
      [0, 'sent', 'a/0'],
      [48, 'sent', 'a/0+1'],
      [96, 'sent', 'a/0+2'],
      [144, 'sent', 'a/0+3'],
      [168, 'completed', 'failed', 'advance_on_failure'],
    ],
  ],
];

describe('a stage that requires a response', () => {
  it.each(cases)('%s', (_name, scenario, lines) => {
    expect(story(scenario)).toEqual(lines);
  });

  it('does not count a reply that came before its message, even if we learn of it later', () => {
    const input = inputOf({
      stages: { a: stage([message({ delay_hours: 10 })], { ...required, min_responses_required: 9 }) },
    });
    const sent = decide({ ...input, now: 10 * HOUR });
    const settlements = new Map(
      sent.sends.map(({ effect }) => [effect.key, { outcome: 'sent', at: 10 * HOUR } as const]),
    );
    const state = { ...sent.state, inbox: [reply(9), reply(10), reply(11)] };
    const { events } = decide({ ...input, state, settlements, now: 12 * HOUR });
    expect(events.map(({ at, detail }) => [at / HOUR, detail?.['qualifying']])).toEqual([
      [9, false],
      [10, true],
      [11, true],
    ]);
  });
});
