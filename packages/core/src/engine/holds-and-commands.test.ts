import { decide } from './decide.js';
import {
  HOUR,
  inputOf,
  type Line,
  live,
  message,
  operator,
  reply,
  type Scenario,
  stage,
  story,
} from './fixtures/scenario.js';
import type { Command } from './types.js';

/** Design, section 4, "Escalation": the operator can reply, advance, snooze, complete or fail a conversation. */
const waiting = { response_required: true, max_stage_duration_hours: 100 };
const followed = message({ max_follow_ups: 9, follow_up_delay_hours: 40 });
const at = (hour: number, command: Command) => operator(hour, command);
const snooze = (hour: number, until: number) => operator(hour, { name: 'snooze', until: until * HOUR });
const COMMAND: (hour: number, name: string) => Line = (hour, name) => [hour, 'command', name];
const FAILS: (hour: number) => Line = (hour) => [hour, 'completed', 'failed', 'max_duration'];
const needsName: Scenario = { stages: { a: stage([message({}, 'Dear {{recipient.title}}')], waiting) } };
const needsFields: Scenario = {
  stages: { a: stage([message({}, '{{response.rating}} from {{response.city}}')], waiting) },
};
const MISSING = 'missing_variable: recipient.title';

const cases: [name: string, scenario: Scenario, lines: Line[]][] = [
  [
    'a snooze moves messages, follow-ups, escalation and maximum by as long as it lasts',
    {
      stages: {
        a: stage([followed, message({ delay_hours: 90 })], { ...waiting, escalation_after_hours: 60 }),
      },
      events: [snooze(30, 80)],
    },
    [
      [0, 'sent', 'a/0'],
      COMMAND(30, 'snooze'),
      [90, 'sent', 'a/0+1'],
      [110, 'escalated', 'notify_manager'],
      [130, 'sent', 'a/0+2'],
      [140, 'sent', 'a/1'],
      [150, 'escalation_resolved', 'completed'],
      FAILS(150),
    ],
  ],
  [
    'a snooze holds back what a reply would have done, and moves the minimum',
    {
      stages: { a: stage([message()], { ...waiting, min_stage_duration_hours: 24 }) },
      events: [snooze(10, 20), reply(15)],
    },
    [
      [0, 'sent', 'a/0'],
      COMMAND(10, 'snooze'),
      [15, 'response', 'qualifying'],
      [34, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'a second snooze replaces the end of the first',
    { stages: { a: stage([message()], waiting) }, events: [snooze(10, 20), snooze(15, 40)] },
    [[0, 'sent', 'a/0'], COMMAND(10, 'snooze'), COMMAND(15, 'snooze'), FAILS(130)],
  ],
  [
    'a snooze until an instant that has passed ends a snooze',
    { stages: { a: stage([message()], waiting) }, events: [snooze(10, 50), snooze(15, 0)] },
    [[0, 'sent', 'a/0'], COMMAND(10, 'snooze'), COMMAND(15, 'snooze'), FAILS(105)],
  ],
  [
    'a snooze into the past moves no deadline',
    { stages: { a: stage([message()], waiting) }, events: [snooze(50, 10)] },
    [[0, 'sent', 'a/0'], COMMAND(50, 'snooze'), FAILS(100)],
  ],
  [
    'a second snooze after a gap counts only the time that was snoozed',
    { stages: { a: stage([message()], waiting) }, outages: [[11, 30]], events: [snooze(10, 20), snooze(25, 35)] },
    [[0, 'sent', 'a/0'], COMMAND(10, 'snooze'), COMMAND(25, 'snooze'), FAILS(120)],
  ],
  [
    'a snooze that nobody looked after ends when it should have',
    { stages: { a: stage([message()], waiting) }, outages: [[11, 60]], events: [snooze(10, 20)] },
    [[0, 'sent', 'a/0'], COMMAND(10, 'snooze'), FAILS(110)],
  ],
  [
    "a snooze does not outlast the campaign's end",
    { stages: { a: stage([message()], waiting) }, events: [snooze(10, 500)], campaign: { end_at: 90 * HOUR } },
    [[0, 'sent', 'a/0'], COMMAND(10, 'snooze'), [90, 'completed', 'expired', 'campaign_ended']],
  ],
  [
    'an escalation that is taken during a snooze holds from the end of the snooze',
    {
      stages: { a: stage([message()], { ...waiting, escalation_after_hours: 5 }) },
      events: [snooze(10, 20), at(15, { name: 'take' }), at(30, { name: 'release' })],
    },
    [
      [0, 'sent', 'a/0'],
      [5, 'escalated', 'notify_manager'],
      COMMAND(10, 'snooze'),
      COMMAND(15, 'take'),
      COMMAND(30, 'release'),
      [120, 'escalation_resolved', 'completed'],
      FAILS(120),
    ],
  ],
  [
    'a snooze of a taken escalation ends, and the escalation goes on holding',
    {
      stages: { a: stage([message()], { ...waiting, escalation_after_hours: 5 }) },
      events: [at(10, { name: 'take' }), snooze(20, 30), at(45, { name: 'release' })],
    },
    [
      [0, 'sent', 'a/0'],
      [5, 'escalated', 'notify_manager'],
      COMMAND(10, 'take'),
      COMMAND(20, 'snooze'),
      COMMAND(45, 'release'),
      [135, 'escalation_resolved', 'completed'],
      FAILS(135),
    ],
  ],
  [
    'releasing an escalation leaves a snooze alone',
    {
      stages: { a: stage([followed], { ...waiting, escalation_after_hours: 5 }) },
      events: [at(10, { name: 'take' }), snooze(20, 60), at(30, { name: 'release' })],
      until: 110,
    },
    [
      [0, 'sent', 'a/0'],
      [5, 'escalated', 'notify_manager'],
      COMMAND(10, 'take'),
      COMMAND(20, 'snooze'),
      COMMAND(30, 'release'),
      [90, 'sent', 'a/0+1'],
    ],
  ],
  [
    'an operator advances to the stage that follows, and its follow-ups and escalation are dropped',
    {
      stages: { a: stage([followed], { ...waiting, escalation_after_hours: 5 }), b: stage([message()]) },
      ledger: { 'a/0+1': 'no row' },
      events: [at(41, { name: 'advance' })],
    },
    [
      [0, 'sent', 'a/0'],
      [5, 'escalated', 'notify_manager'],
      [40, 'sent', 'a/0+1'],
      COMMAND(41, 'advance'),
      [41, 'escalation_resolved', 'operator'],
      [41, 'voided', 'a/0+1', 'advanced'],
      [41, 'advanced', 'b', 'operator'],
      [41, 'sent', 'b/0'],
      [41, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'an operator advances to a stage by name, out of a snooze too',
    {
      stages: { a: stage([message()], waiting), b: stage([message()]), c: stage([message()]) },
      events: [snooze(1, 90), at(2, { name: 'advance', to: 'c' })],
    },
    [
      [0, 'sent', 'a/0'],
      COMMAND(1, 'snooze'),
      COMMAND(2, 'advance'),
      [2, 'advanced', 'c', 'operator'],
      [2, 'sent', 'c/0'],
      [2, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    'an advance to a stage that does not exist blocks, and keeps the escalation',
    {
      stages: { a: stage([message()], { ...waiting, escalation_after_hours: 1 }) },
      events: [at(2, { name: 'advance', to: 'nowhere' })],
    },
    [
      [0, 'sent', 'a/0'],
      [1, 'escalated', 'notify_manager'],
      COMMAND(2, 'advance'),
      [2, 'blocked', 'unknown_stage: nowhere'],
    ],
  ],
  [
    'an operator completes a conversation',
    { stages: { a: stage([message()], waiting) }, events: [at(3, { name: 'complete' })] },
    [[0, 'sent', 'a/0'], COMMAND(3, 'complete'), [3, 'completed', 'success', 'operator']],
  ],
  [
    'an operator fails a conversation',
    { stages: { a: stage([message()], waiting) }, events: [at(3, { name: 'fail' })] },
    [[0, 'sent', 'a/0'], COMMAND(3, 'fail'), [3, 'completed', 'failed', 'operator']],
  ],
  [
    'an operator cancels a conversation',
    { stages: { a: stage([message()], waiting) }, events: [at(3, { name: 'cancel' })] },
    [[0, 'sent', 'a/0'], COMMAND(3, 'cancel'), [3, 'completed', 'cancelled', 'operator']],
  ],
  [
    'a conversation that is not blocked has nothing to retry',
    { stages: { a: stage([message()], waiting) }, events: [at(3, { name: 'retry' })] },
    [[0, 'sent', 'a/0'], COMMAND(3, 'retry'), FAILS(100)],
  ],
  [
    'a missing variable blocks, and so does every retry while it is missing',
    { ...needsName, events: [at(3, { name: 'retry' })] },
    [[0, 'blocked', MISSING], COMMAND(3, 'retry'), [3, 'unblocked'], [3, 'blocked', MISSING]],
  ],
  [
    'a reply that brings the fields for which a conversation is blocked lets it go on',
    { ...needsFields, events: [reply(3, undefined, { rating: 1 }), reply(4), reply(5, undefined, { city: 'Rome' })] },
    [
      [0, 'blocked', 'missing_variable: response.rating, response.city'],
      [3, 'response'],
      [4, 'response'],
      [5, 'response'],
      [5, 'unblocked'],
      [5, 'sent', 'a/0'],
      FAILS(105),
    ],
  ],
  [
    'a reply whose field cannot be inserted leaves it blocked',
    { ...needsFields, events: [reply(3, undefined, { rating: { stars: 1 }, city: 'Rome' })] },
    [
      [0, 'blocked', 'missing_variable: response.rating, response.city'],
      [3, 'response'],
    ],
  ],
  [
    'a reply does not help where something else is missing as well',
    {
      stages: { a: stage([message({}, '{{response.rating}} {{recipient.title}}')], waiting) },
      events: [reply(3, undefined, { rating: 1 })],
    },
    [
      [0, 'blocked', 'missing_variable: response.rating, recipient.title'],
      [3, 'response'],
    ],
  ],
  [
    'a blocked conversation can be advanced',
    {
      stages: { ...needsName.stages, b: stage([message()]) },
      events: [at(3, { name: 'advance' })],
    },
    [
      [0, 'blocked', MISSING],
      COMMAND(3, 'advance'),
      [3, 'unblocked'],
      [3, 'advanced', 'b', 'operator'],
      [3, 'sent', 'b/0'],
      [3, 'completed', 'success', 'all_stages_completed'],
    ],
  ],
  [
    "a blocked conversation ends with the campaign, and with an operator's word",
    { ...needsName, campaign: { end_at: 50 * HOUR } },
    [
      [0, 'blocked', MISSING],
      [50, 'completed', 'expired', 'campaign_ended'],
    ],
  ],
  [
    'a message is sent again under a new key, which counts neither as a follow-up nor as lateness',
    {
      stages: { a: stage([followed], { ...waiting, max_follow_ups: 2 }) },
      ledger: { 'a/0': { outcome: 'unknown', at: 0 }, 'a/0/r1': { outcome: 'sent', at: 35 } },
      events: [at(30, { name: 'resend', key: 'camp/ada/a/1/0/0' })],
    },
    [
      [0, 'sent', 'a/0'],
      [0, 'delivery', 'a/0', 'unknown'],
      COMMAND(30, 'resend'),
      [30, 'sent', 'a/0/r1', 'operator'],
      [75, 'sent', 'a/0+1'],
      FAILS(100),
    ],
  ],
  [
    'a message that is sent again does not move the follow-ups that were sent since',
    {
      stages: { a: stage([followed], waiting) },
      ledger: { 'a/0/r1': { outcome: 'sent', at: 50 } },
      events: [at(45, { name: 'resend', key: 'camp/ada/a/1/0/0' })],
    },
    [
      [0, 'sent', 'a/0'],
      [40, 'sent', 'a/0+1'],
      COMMAND(45, 'resend'),
      [45, 'sent', 'a/0/r1', 'operator'],
      [80, 'sent', 'a/0+2'],
      FAILS(100),
    ],
  ],
  [
    'the same message is not sent again twice while the first attempt is under way',
    {
      stages: { a: stage([message()], waiting) },
      ledger: { 'a/0/r1': 'no row' },
      events: [
        at(30, { name: 'resend', key: 'camp/ada/a/1/0/0' }),
        at(31, { name: 'resend', key: 'camp/ada/a/1/0/0' }),
        at(32, { name: 'resend', key: 'camp/ada/a/1/0/0/r1' }),
      ],
      until: 99,
    },
    [
      [0, 'sent', 'a/0'],
      COMMAND(30, 'resend'),
      [30, 'sent', 'a/0/r1', 'operator'],
      COMMAND(31, 'resend'),
      COMMAND(32, 'resend'),
      [32, 'sent', 'a/0/r2', 'operator'],
    ],
  ],
  [
    'a resent follow-up that a reply withdraws gives no follow-up back',
    {
      stages: {
        a: stage([message({ max_follow_ups: 1, follow_up_delay_hours: 10 })], {
          ...waiting,
          min_responses_required: 2,
        }),
      },
      ledger: { 'a/0+1/r1': 'no row' },
      events: [at(12, { name: 'resend', key: 'camp/ada/a/1/0/1' }), reply(13)],
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      COMMAND(12, 'resend'),
      [12, 'sent', 'a/0+1/r1', 'operator'],
      [13, 'response', 'qualifying'],
      [13, 'voided', 'a/0+1/r1', 'response'],
      FAILS(100),
    ],
  ],
  ...[
    'camp/ada/a/1/7/0',
    'camp/ada/gone/1/0/0',
    'camp/bob/a/1/0/0',
    'camp/ada/a/x/0/0',
    'camp/ada/a/1/0/0/0/0',
    '',
  ].map((key): [string, Scenario, Line[]] => [
    `the key ${JSON.stringify(key)} is none of this conversation, so nothing is sent again`,
    { stages: { a: stage([message()], waiting) }, events: [at(3, { name: 'resend', key })], until: 99 },
    [[0, 'sent', 'a/0'], COMMAND(3, 'resend')],
  ]),
];

describe('holds and commands', () => {
  it.each(cases)('%s', (_name, scenario, lines) => {
    expect(story(scenario)).toEqual(lines);
  });

  it('looks again when a snooze ends, not before', () => {
    const { state } = live({ stages: { a: stage([message()], waiting) }, events: [snooze(10, 20)], until: 19 });
    expect(state).toMatchObject({ held: { since: 10 * HOUR, until: 20 * HOUR }, next_action_at: 20 * HOUR });
  });

  it('never moves a deadline backwards, even if a release carries an earlier time than its take', () => {
    const input = inputOf({ stages: { a: stage([message()], { ...waiting, escalation_after_hours: 0 }) } });
    const { state } = decide(input);
    const inbox = [at(10, { name: 'take' }), at(9, { name: 'release' })];
    expect(decide({ ...input, state: { ...state, inbox }, now: 11 * HOUR }).state.visit.held_ms).toBe(0);
  });

  it('says who gave a command', () => {
    const { events } = live({ stages: { a: stage([], waiting) }, events: [at(3, { name: 'fail' })] });
    expect(events[0]).toMatchObject({ type: 'command', detail: { by: 'olga', name: 'fail' } });
  });
});
