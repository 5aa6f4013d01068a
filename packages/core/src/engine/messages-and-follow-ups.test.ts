import { type Line, message, reply, type Scenario, stage, story } from './fixtures/scenario.js';

/** Design, section 4, "Messages". Stages wait for a response that does not come, so that only the limits end them. */
const waiting = { response_required: true, max_stage_duration_hours: 100 };
const GIVES_UP: Line = [100, 'completed', 'failed', 'max_duration'];

const cases: [name: string, scenario: Scenario, lines: Line[]][] = [
  [
    'a message is due its delay after the entry into the stage, without one at the entry itself',
    {
      stages: {
        a: stage(
          [message(), message({ delay_hours: 5 }), message({ delay_hours: 5 }), message({ delay_hours: 12.5 })],
          waiting,
        ),
      },
    },
    [[0, 'sent', 'a/0'], [5, 'sent', 'a/1'], [5, 'sent', 'a/2'], [12.5, 'sent', 'a/3'], GIVES_UP],
  ],
  [
    'messages keep their order even if a later one is due before an earlier one',
    { stages: { a: stage([message({ delay_hours: 9 }), message({ delay_hours: 2 })], waiting) } },
    [[9, 'sent', 'a/0'], [9, 'sent', 'a/1'], GIVES_UP],
  ],
  [
    "follow-ups are due every delay after the previous one, as many as the message's limit allows",
    { stages: { a: stage([message({ delay_hours: 1, max_follow_ups: 2, follow_up_delay_hours: 30 })], waiting) } },
    [[1, 'sent', 'a/0'], [31, 'sent', 'a/0+1'], [61, 'sent', 'a/0+2'], GIVES_UP],
  ],
  [
    'without any limit there are no follow-ups',
    { stages: { a: stage([message({ follow_up_delay_hours: 30 })], waiting) } },
    [[0, 'sent', 'a/0'], GIVES_UP],
  ],
  [
    'where only the stage limits follow-ups, its limit counts, and using it up ends the stage one delay later',
    { stages: { a: stage([message({ follow_up_delay_hours: 10 })], { ...waiting, max_follow_ups: 2 }) } },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      [20, 'sent', 'a/0+2'],
      [30, 'completed', 'failed', 'follow_ups_exhausted'],
    ],
  ],
  [
    'where both limit, the smaller of the two wins: here the message',
    {
      stages: {
        a: stage([message({ max_follow_ups: 1, follow_up_delay_hours: 10 })], { ...waiting, max_follow_ups: 3 }),
      },
    },
    [[0, 'sent', 'a/0'], [10, 'sent', 'a/0+1'], GIVES_UP],
  ],
  [
    'where both limit, the smaller of the two wins: here the stage',
    {
      stages: {
        a: stage([message({ max_follow_ups: 3, follow_up_delay_hours: 10 })], { ...waiting, max_follow_ups: 1 }),
      },
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      [20, 'completed', 'failed', 'follow_ups_exhausted'],
    ],
  ],
  [
    "a stage's limit of 0 forbids follow-ups, and nothing is used up by that",
    {
      stages: {
        a: stage([message({ max_follow_ups: 3, follow_up_delay_hours: 10 })], { ...waiting, max_follow_ups: 0 }),
      },
    },
    [[0, 'sent', 'a/0'], GIVES_UP],
  ],
  [
    "the stage's limit counts over all its messages",
    {
      stages: {
        a: stage(
          [
            message({ max_follow_ups: 2, follow_up_delay_hours: 10 }),
            message({ delay_hours: 25, max_follow_ups: 2, follow_up_delay_hours: 10 }),
          ],
          { ...waiting, max_follow_ups: 3 },
        ),
      },
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      [20, 'sent', 'a/0+2'],
      [25, 'sent', 'a/1'],
      [35, 'sent', 'a/1+1'],
      [45, 'completed', 'failed', 'follow_ups_exhausted'],
    ],
  ],
  [
    'used-up follow-ups do not end a stage whose later messages are still to come',
    {
      stages: {
        a: stage([message({ follow_up_delay_hours: 10 }), message({ delay_hours: 50, follow_up_delay_hours: 10 })], {
          ...waiting,
          max_follow_ups: 1,
        }),
      },
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      [50, 'sent', 'a/1'],
      [60, 'completed', 'failed', 'follow_ups_exhausted'],
    ],
  ],
  [
    'a last message without a follow-up delay leaves the recipient until the maximum, not a moment',
    {
      stages: {
        a: stage(
          [message({ max_follow_ups: 1, follow_up_delay_hours: 10 }), message({ delay_hours: 50, max_follow_ups: 0 })],
          { ...waiting, max_follow_ups: 1 },
        ),
      },
    },
    [[0, 'sent', 'a/0'], [10, 'sent', 'a/0+1'], [50, 'sent', 'a/1'], GIVES_UP],
  ],
  [
    'the next message ends the follow-ups of the one before',
    {
      stages: {
        a: stage([message({ max_follow_ups: 9, follow_up_delay_hours: 10 }), message({ delay_hours: 15 })], waiting),
      },
    },
    [[0, 'sent', 'a/0'], [10, 'sent', 'a/0+1'], [15, 'sent', 'a/1'], GIVES_UP],
  ],
  [
    'a message and a follow-up that fall on the same instant: the message is sent, which ends the follow-ups',
    {
      stages: {
        a: stage([message({ max_follow_ups: 9, follow_up_delay_hours: 10 }), message({ delay_hours: 20 })], waiting),
      },
    },
    [[0, 'sent', 'a/0'], [10, 'sent', 'a/0+1'], [20, 'sent', 'a/1'], GIVES_UP],
  ],
  [
    'a reply that does not satisfy the stage moves the next follow-up to one delay after it',
    {
      stages: {
        a: stage([message({ max_follow_ups: 3, follow_up_delay_hours: 30 })], {
          ...waiting,
          min_responses_required: 2,
        }),
      },
      events: [reply(20)],
    },
    [[0, 'sent', 'a/0'], [20, 'response', 'qualifying'], [50, 'sent', 'a/0+1'], [80, 'sent', 'a/0+2'], GIVES_UP],
  ],
  [
    'a follow-up that has not left when a reply comes is withdrawn, is not counted, and its key is not used again',
    {
      stages: {
        a: stage([message({ max_follow_ups: 1, follow_up_delay_hours: 30 })], {
          ...waiting,
          min_responses_required: 2,
        }),
      },
      ledger: { 'a/0+1': 'no row' },
      events: [reply(40)],
    },
    [
      [0, 'sent', 'a/0'],
      [30, 'sent', 'a/0+1'],
      [40, 'response', 'qualifying'],
      [40, 'voided', 'a/0+1', 'response'],
      [70, 'sent', 'a/0+2'],
      GIVES_UP,
    ],
  ],
  [
    'once satisfied, a stage that requires a response sends nothing more',
    {
      stages: {
        a: stage([message({ max_follow_ups: 9, follow_up_delay_hours: 10 }), message({ delay_hours: 50 })], {
          ...waiting,
          min_stage_duration_hours: 90,
        }),
      },
      events: [reply(15)],
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      [15, 'response', 'qualifying'],
      [90, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'a message that has not left when the stage is satisfied is withdrawn',
    {
      stages: {
        a: stage([message(), message({ delay_hours: 5 })], { ...waiting, min_stage_duration_hours: 90 }),
      },
      ledger: { 'a/1': 'no row' },
      events: [reply(6)],
    },
    [
      [0, 'sent', 'a/0'],
      [5, 'sent', 'a/1'],
      [6, 'response', 'qualifying'],
      [6, 'voided', 'a/1', 'satisfied'],
      [90, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'once satisfied, any other stage still sends its remaining messages, but no follow-ups',
    {
      stages: {
        a: stage([message({ max_follow_ups: 9, follow_up_delay_hours: 10 }), message({ delay_hours: 50 })], {
          min_stage_duration_hours: 60,
        }),
      },
      events: [reply(15)],
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      [15, 'response', 'qualifying'],
      [50, 'sent', 'a/1'],
      [60, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
];

describe('messages and follow-ups', () => {
  it.each(cases)('%s', (_name, scenario, lines) => {
    expect(story(scenario)).toEqual(lines);
  });
});
