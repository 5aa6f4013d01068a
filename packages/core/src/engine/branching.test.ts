import type { ProgressionRules } from '../schemas/template.js';
import { decide } from './decide.js';
import { HOUR, inputOf, type Line, live, message, reply, type Scenario, stage, story } from './fixtures/scenario.js';

/** Design, section 4, "Stages" and "Branching". */
const hour = (rules: ProgressionRules = {}) => stage([], { min_stage_duration_hours: 1, ...rules });
const DONE: (at: number) => Line = (at) => [at, 'completed', 'success', 'all_stages_completed'];
const byRating = [
  { condition: 'response.rating < 3', to: 'sorry' },
  { condition: 'response.rating < 9', to: 'thanks' },
];
const rated = (rules: ProgressionRules, rating?: unknown): Scenario => ({
  stages: {
    ask: stage([message()], { response_required: true, max_stage_duration_hours: 9, transitions: byRating, ...rules }),
    other: hour({ transitions: [{ condition: 'response.rating < 3', to: 'sorry' }] }),
    thanks: hour({ next_stage: null }),
    sorry: hour({ next_stage: null }),
  },
  events: [reply(2, undefined, rating === undefined ? {} : { rating })],
});
const ASKED: Line[] = [
  [0, 'sent', 'ask/0'],
  [2, 'response', 'qualifying'],
];

const cases: [name: string, scenario: Scenario, lines: Line[]][] = [
  [
    'stages run in the order of their keys',
    { stages: { b: hour(), a: hour(), c: hour() } },
    [[1, 'advanced', 'a', 'messages_sent'], [2, 'advanced', 'c', 'messages_sent'], DONE(3)],
  ],
  [
    '`stage_order` overrules the order of the keys',
    { stages: { b: hour(), a: hour(), c: hour() }, template: { stage_order: ['c', 'b', 'a'] } },
    [[1, 'advanced', 'b', 'messages_sent'], [2, 'advanced', 'a', 'messages_sent'], DONE(3)],
  ],
  [
    '`default_initial_stage` is where a conversation begins',
    { stages: { a: hour(), b: hour(), c: hour() }, template: { default_initial_stage: 'b' } },
    [[1, 'advanced', 'c', 'messages_sent'], DONE(2)],
  ],
  [
    "the campaign's `initial_stage` goes before the template's",
    {
      stages: { a: hour(), b: hour(), c: hour() },
      template: { default_initial_stage: 'b' },
      campaign: { initial_stage: 'c' },
    },
    [DONE(1)],
  ],
  [
    '`next_stage` names the follower',
    { stages: { a: hour({ next_stage: 'c' }), b: hour(), c: hour() } },
    [[1, 'advanced', 'c', 'messages_sent'], DONE(2)],
  ],
  ['`next_stage: null` ends the conversation', { stages: { a: hour({ next_stage: null }), b: hour() } }, [DONE(1)]],
  [
    'the first true transition is taken',
    rated({ next_stage: 'other' }, 1),
    [...ASKED, [2, 'advanced', 'sorry', 'response'], DONE(3)],
  ],
  [
    'a false transition is passed over',
    rated({ next_stage: 'other' }, 5),
    [...ASKED, [2, 'advanced', 'thanks', 'response'], DONE(3)],
  ],
  ['where no transition is true, `next_stage` counts', rated({ next_stage: null }, 9), [...ASKED, DONE(2)]],
  [
    'where no transition is true and no `next_stage` is given, the order counts',
    rated({}, 9),
    [...ASKED, [2, 'advanced', 'other', 'response'], [3, 'advanced', 'thanks', 'messages_sent'], DONE(4)],
  ],
  ['a missing value makes a transition false', rated({ next_stage: null }), [...ASKED, DONE(2)]],
  [
    'a transition can end the conversation',
    rated({ transitions: [{ condition: 'response.rating == 5', to: null }] }, 5),
    [...ASKED, DONE(2)],
  ],
  [
    'a transition sees what an earlier reply brought and the latest one does not repeat',
    {
      ...rated({ min_stage_duration_hours: 5, next_stage: null }, 1),
      events: [reply(2, undefined, { rating: 1 }), reply(3)],
    },
    [...ASKED, [3, 'response', 'qualifying'], [5, 'advanced', 'sorry', 'response'], DONE(6)],
  ],
  [
    'a transition sees the newest value of a field',
    {
      ...rated({ min_stage_duration_hours: 5, next_stage: null }, 1),
      events: [reply(2, undefined, { rating: 1 }), reply(3, undefined, { rating: 5 })],
    },
    [...ASKED, [3, 'response', 'qualifying'], [5, 'advanced', 'thanks', 'response'], DONE(6)],
  ],
  [
    'a transition sees what a reply to an earlier stage brought',
    rated({ transitions: [], next_stage: 'other' }, 1),
    [...ASKED, [2, 'advanced', 'other', 'response'], [3, 'advanced', 'sorry', 'messages_sent'], DONE(4)],
  ],
  [
    'a transition sees the intent of the latest reply alone',
    {
      ...rated({ min_stage_duration_hours: 5, transitions: [{ condition: 'response.intent == "yes"', to: 'sorry' }] }),
      events: [reply(2, 'yes'), reply(3)],
    },
    [
      ...ASKED,
      [3, 'response', 'qualifying'],
      [5, 'advanced', 'other', 'response'],
      [6, 'advanced', 'thanks', 'messages_sent'],
      DONE(7),
    ],
  ],
  [
    'a transition sees the context, the recipient and the conversation',
    {
      stages: {
        a: hour({
          transitions: [
            {
              condition:
                'context.tier == "gold" and recipient.first_name == "Ada" and conversation.stage == "a" and campaign.type == "sales"',
              to: 'c',
            },
          ],
        }),
        b: hour(),
        c: hour(),
      },
      campaign: { context: { tier: 'silver' } },
      context: { tier: 'gold' },
    },
    [[1, 'advanced', 'c', 'messages_sent'], DONE(2)],
  ],
  [
    'a second visit begins anew and has keys of its own',
    { stages: { a: { ...stage([message()], { min_stage_duration_hours: 1, next_stage: 'a' }), max_visits: 3 } } },
    [
      [0, 'sent', 'a/0'],
      [1, 'advanced', 'a', 'messages_sent'],
      [1, 'sent', 'a#2/0'],
      [2, 'advanced', 'a', 'messages_sent'],
      [2, 'sent', 'a#3/0'],
      [3, 'completed', 'failed', 'loop_limit'],
    ],
  ],
  [
    'a stage is visited ten times at most',
    { stages: { a: hour({ next_stage: 'a' }) } },
    [
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((at): Line => [at, 'advanced', 'a', 'messages_sent']),
      [10, 'completed', 'failed', 'loop_limit'],
    ],
  ],
  [
    'replies of one visit do not count for the next',
    {
      stages: {
        a: {
          ...stage([message()], { response_required: true, max_stage_duration_hours: 9, next_stage: 'a' }),
          max_visits: 2,
        },
      },
      events: [reply(2)],
    },
    [
      [0, 'sent', 'a/0'],
      [2, 'response', 'qualifying'],
      [2, 'advanced', 'a', 'response'],
      [2, 'sent', 'a#2/0'],
      [11, 'completed', 'failed', 'max_duration'],
    ],
  ],
];

describe('branching', () => {
  it.each(cases)('%s', (_name, scenario, lines) => {
    expect(story(scenario)).toEqual(lines);
  });

  const ring: Scenario = {
    stages: {
      a: { ...stage([], { next_stage: 'b' }), max_visits: 15 },
      b: { ...stage([], { next_stage: 'a' }), max_visits: 15 },
    },
  };

  it('changes at most twenty stages in one decision, and goes on at once in the next', () => {
    const { state, events } = decide({ ...inputOf(ring), now: 5 * HOUR });
    expect(events.filter(({ type }) => type === 'advanced')).toHaveLength(20);
    expect(state).toMatchObject({ status: 'active', current_stage: 'a', stage_visit: 11, next_action_at: 5 * HOUR });
  });

  it('ends a ring of empty stages at the limit of visits', () => {
    const { state, events } = live(ring);
    expect(events.filter(({ type }) => type === 'advanced')).toHaveLength(29);
    expect(state).toMatchObject({ result: 'failed', reason: 'loop_limit' });
    expect(state.visits).toEqual([
      { stage: 'a', count: 15 },
      { stage: 'b', count: 15 },
    ]);
  });

  it('blocks a conversation whose stage the template lacks', () => {
    const input = inputOf(ring);
    const { state, events } = decide({ ...input, state: { ...input.state, current_stage: 'gone' } });
    expect(state).toMatchObject({ status: 'blocked', reason: 'unknown_stage: gone' });
    expect(events).toEqual([{ at: 0, type: 'blocked', stage: 'gone', visit: 1, reason: 'unknown_stage: gone' }]);
  });
});
