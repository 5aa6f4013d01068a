import { type Line, message, reply, type Scenario, stage, story } from './fixtures/scenario.js';

/** Design, section 4, "response_required: false". */
const last = stage([], { min_stage_duration_hours: 1 });
const ENDS: (hour: number) => Line = (hour) => [hour, 'completed', 'success', 'all_stages_completed'];

/** The user's document, "Time-Based Progression", word for word. */
const DOCUMENTED = {
  response_required: false,
  min_stage_duration_hours: 24,
  max_stage_duration_hours: 72,
  auto_advance_after_max_duration: true,
};
const followed = message({ max_follow_ups: 9, follow_up_delay_hours: 20 });

const cases: [name: string, scenario: Scenario, lines: Line[]][] = [
  [
    'a stage without rules is left as soon as its messages are sent',
    { stages: { a: stage([message(), message({ delay_hours: 3 })]), last } },
    [[0, 'sent', 'a/0'], [3, 'sent', 'a/1'], [3, 'advanced', 'last', 'messages_sent'], ENDS(4)],
  ],
  [
    'the minimum keeps a stage whose messages are sent, and follow-ups go out meanwhile, but not at its end',
    { stages: { a: stage([followed], { min_stage_duration_hours: 60 }), last } },
    [
      [0, 'sent', 'a/0'],
      [20, 'sent', 'a/0+1'],
      [40, 'sent', 'a/0+2'],
      [60, 'advanced', 'last', 'messages_sent'],
      ENDS(61),
    ],
  ],
  [
    'a message after the minimum keeps the stage until it is sent',
    { stages: { a: stage([message({ delay_hours: 30 })], { min_stage_duration_hours: 24 }), last } },
    [[30, 'sent', 'a/0'], [30, 'advanced', 'last', 'messages_sent'], ENDS(31)],
  ],
  [
    'a message that has not left keeps the stage until it has',
    {
      stages: { a: stage([message(), message({ delay_hours: 2 })]), last },
      ledger: { 'a/1': { outcome: 'sent', at: 7 } },
    },
    [[0, 'sent', 'a/0'], [2, 'sent', 'a/1'], [7, 'advanced', 'last', 'messages_sent'], ENDS(8)],
  ],
  [
    'the maximum is where patience ends: what was not due by then is dropped',
    { stages: { a: stage([message(), message({ delay_hours: 80 })], { max_stage_duration_hours: 72 }), last } },
    [[0, 'sent', 'a/0'], [72, 'advanced', 'last', 'max_duration'], ENDS(73)],
  ],
  [
    'at the maximum a message that has not left is not withdrawn; its follow-ups would be',
    { stages: { a: stage([message()], { max_stage_duration_hours: 72 }), last }, ledger: { 'a/0': 'no row' } },
    [[0, 'sent', 'a/0'], [72, 'advanced', 'last', 'max_duration'], [73, 'voided', 'a/0', 'completed'], ENDS(73)],
  ],
  [
    'a stage without messages lasts its minimum',
    { stages: { a: stage([], { min_stage_duration_hours: 12 }), last } },
    [[12, 'advanced', 'last', 'messages_sent'], ENDS(13)],
  ],
  [
    "the document's time-based rule waits for a response, follows up, and goes on at the maximum",
    { stages: { a: stage([followed], DOCUMENTED), last } },
    [
      [0, 'sent', 'a/0'],
      [20, 'sent', 'a/0+1'],
      [40, 'sent', 'a/0+2'],
      [60, 'sent', 'a/0+3'],
      [72, 'advanced', 'last', 'max_duration'],
      ENDS(73),
    ],
  ],
  [
    "the document's time-based rule goes on at the minimum after an early reply",
    { stages: { a: stage([followed], DOCUMENTED), last }, events: [reply(6)] },
    [[0, 'sent', 'a/0'], [6, 'response', 'qualifying'], [24, 'advanced', 'last', 'response'], ENDS(25)],
  ],
  [
    "the document's time-based rule goes on at once after a later reply",
    { stages: { a: stage([followed], DOCUMENTED), last }, events: [reply(30)] },
    [
      [0, 'sent', 'a/0'],
      [20, 'sent', 'a/0+1'],
      [30, 'response', 'qualifying'],
      [30, 'advanced', 'last', 'response'],
      ENDS(31),
    ],
  ],
  [
    'a farewell due at the maximum of the last stage leaves, and is a success',
    { stages: { a: stage([message({ delay_hours: 72 })], DOCUMENTED) } },
    [[72, 'sent', 'a/0'], ENDS(72)],
  ],
  [
    'without a maximum the stage waits until the campaign ends',
    {
      stages: { a: stage([message()], { auto_advance_after_max_duration: true }) },
      campaign: { end_at: 500 * 3_600_000 },
    },
    [
      [0, 'sent', 'a/0'],
      [500, 'completed', 'expired', 'campaign_ended'],
    ],
  ],
  [
    'without a maximum and an end it waits a year, times the delay factor',
    { stages: { a: stage([message()], { auto_advance_after_max_duration: true }) }, factor: 0.5 },
    [[0, 'sent', 'a/0'], ENDS(4380)],
  ],
];

describe('a stage that requires no response', () => {
  it.each(cases)('%s', (_name, scenario, lines) => {
    expect(story(scenario)).toEqual(lines);
  });
});
