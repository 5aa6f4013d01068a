import { decide } from './decide.js';
import {
  CONVERSATION,
  HOUR,
  inputOf,
  type Line,
  live,
  message,
  optOut,
  reply,
  type Scenario,
  stage,
  story,
} from './fixtures/scenario.js';
import type { DecideInput, Settlement } from './types.js';

/** Design, section 4, "Messages": what the ledger says of a message, and what follows. */
const waiting = { response_required: true, max_stage_duration_hours: 100 };
const followed = message({ max_follow_ups: 9, follow_up_delay_hours: 40 });
const DONE: (at: number) => Line = (at) => [at, 'completed', 'success', 'all_stages_completed'];

const cases: [name: string, scenario: Scenario, lines: Line[]][] = [
  ...(['unknown', 'cancelled', 'abandoned'] as const).map((outcome): [string, Scenario, Line[]] => [
    `a message that ends as ${outcome} counts as sent, so that the stage goes on`,
    { stages: { a: stage([message()]) }, ledger: { 'a/0': { outcome, at: 3 } } },
    [[0, 'sent', 'a/0'], [3, 'delivery', 'a/0', outcome], DONE(3)],
  ]),
  ...(['failed', 'suppressed'] as const).map((outcome): [string, Scenario, Line[]] => [
    `a message that ends as ${outcome} ends the conversation as undeliverable`,
    { stages: { a: stage([followed], waiting) }, ledger: { 'a/0+1': { outcome, at: 43 } } },
    [
      [0, 'sent', 'a/0'],
      [40, 'sent', 'a/0+1'],
      [43, 'delivery', 'a/0+1', outcome, 'mailbox full'],
      [43, 'completed', 'failed', 'undeliverable'],
    ],
  ]),
  [
    'a message of an earlier stage that is refused ends the conversation as well',
    {
      stages: {
        a: stage([message()], { max_stage_duration_hours: 5, auto_advance_after_max_duration: true }),
        b: stage([message({ delay_hours: 10 })], waiting),
      },
      ledger: { 'a/0': { outcome: 'failed', at: 7 } },
    },
    [
      [0, 'sent', 'a/0'],
      [5, 'advanced', 'b', 'max_duration'],
      [7, 'delivery', 'a/0', 'failed', 'mailbox full'],
      [7, 'completed', 'failed', 'undeliverable'],
    ],
  ],
  [
    'a refusal goes before a reply that waits at the same time',
    {
      stages: { a: stage([message()], waiting) },
      ledger: { 'a/0': { outcome: 'failed', at: 7 } },
      events: [reply(7)],
    },
    [
      [0, 'sent', 'a/0'],
      [7, 'delivery', 'a/0', 'failed', 'mailbox full'],
      [7, 'completed', 'failed', 'undeliverable'],
    ],
  ],
  [
    'an opt-out goes before the suppression that came with it',
    {
      stages: { a: stage([message()], waiting) },
      ledger: { 'a/0': { outcome: 'suppressed', at: 7 } },
      events: [optOut(7)],
    },
    [
      [0, 'sent', 'a/0'],
      [7, 'delivery', 'a/0', 'suppressed', 'mailbox full'],
      [7, 'completed', 'opted_out', 'opt_out'],
    ],
  ],
  [
    'a reply qualifies after a message whose acceptance is unknown',
    {
      stages: { a: stage([message()], waiting) },
      ledger: { 'a/0': { outcome: 'unknown', at: 0 } },
      events: [reply(7)],
    },
    [[0, 'sent', 'a/0'], [0, 'delivery', 'a/0', 'unknown'], [7, 'response', 'qualifying'], DONE(7)],
  ],
  ...(['cancelled', 'abandoned'] as const).map((outcome): [string, Scenario, Line[]] => [
    `a reply does not qualify after a message that was ${outcome}`,
    { stages: { a: stage([message()], waiting) }, ledger: { 'a/0': { outcome, at: 0 } }, events: [reply(7)] },
    [
      [0, 'sent', 'a/0'],
      [0, 'delivery', 'a/0', outcome],
      [7, 'response'],
      [100, 'completed', 'failed', 'max_duration'],
    ],
  ]),
  [
    'the next follow-up waits until the one before has left, and counts from then',
    { stages: { a: stage([followed], waiting) }, ledger: { 'a/0+1': { outcome: 'sent', at: 55 } } },
    [
      [0, 'sent', 'a/0'],
      [40, 'sent', 'a/0+1'],
      [95, 'sent', 'a/0+2'],
      [100, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'a follow-up that hangs is never overtaken by the next one',
    { stages: { a: stage([followed], waiting) }, ledger: { 'a/0+1': 'no row' } },
    [
      [0, 'sent', 'a/0'],
      [40, 'sent', 'a/0+1'],
      [100, 'voided', 'a/0+1', 'completed'],
      [100, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'the next message takes back a follow-up that has not left yet',
    {
      stages: { a: stage([followed, message({ delay_hours: 50 })], waiting) },
      ledger: { 'a/0+1': { outcome: 'sent', at: 80 } },
    },
    [
      [0, 'sent', 'a/0'],
      [40, 'sent', 'a/0+1'],
      [50, 'sent', 'a/1'],
      [50, 'voided', 'a/0+1', 'next_message'],
      [100, 'completed', 'failed', 'max_duration'],
    ],
  ],
  [
    'follow-ups that are used up count as a failure only after the last one has left',
    {
      stages: { a: stage([message({ follow_up_delay_hours: 10 })], { ...waiting, max_follow_ups: 1 }) },
      ledger: { 'a/0+1': { outcome: 'sent', at: 30 } },
    },
    [
      [0, 'sent', 'a/0'],
      [10, 'sent', 'a/0+1'],
      [40, 'completed', 'failed', 'follow_ups_exhausted'],
    ],
  ],
];

describe('settlements', () => {
  it.each(cases)('%s', (_name, scenario, lines) => {
    expect(story(scenario)).toEqual(lines);
  });

  it('says why a conversation could not be delivered to', () => {
    const { state, events } = live({
      stages: { a: stage([message()], waiting) },
      ledger: { 'a/0': { outcome: 'suppressed', at: 1 } },
    });
    expect(state).toMatchObject({ status: 'completed', result: 'failed', reason: 'undeliverable', outbox: [] });
    expect(events.at(-1)?.detail).toMatchObject({ detail: 'mailbox full' });
  });
});

describe('a follow-up that a worker may be sending', () => {
  const key = `${CONVERSATION}/a/1/0/1`;
  const stages = { a: stage([followed, message({ delay_hours: 50 })], waiting) };

  it.each([
    [true, [key, `${CONVERSATION}/a/1/1/0`], 1],
    [false, [`${CONVERSATION}/a/1/1/0`], 0],
  ])('is taken back by the next message only if it is not on the wire: %s', (on_the_wire, outbox, followUps) => {
    const before = live({ stages, ledger: { 'a/0+1': 'no row' }, until: 45 }).state;
    const settlements = new Map([[key, { outcome: 'open', until: 60 * HOUR, on_the_wire } as const]]);
    const { state } = decide({ ...inputOf({ stages }), state: before, settlements, now: 50 * HOUR });

    expect(state.outbox.map((effect) => effect.key)).toEqual(outbox);
    expect(state.visit.follow_ups).toBe(followUps);
  });
});

describe('a message whose fate is not known', () => {
  const key = `${CONVERSATION}/a/1/0/0`;
  const sentAt = (hour: number, stages: Scenario['stages'] = { a: stage([message()]) }): DecideInput => {
    const input = { ...inputOf({ stages }), now: hour * HOUR };
    return { ...input, state: decide(input).state };
  };
  const lookAgain = (input: DecideInput, afterMs: number, settlements: [string, Settlement][] = []) =>
    decide({ ...input, now: input.now + afterMs, settlements: new Map(settlements) });

  it('is looked at again after a second', () => {
    const input = sentAt(0);
    expect(input.state).toMatchObject({ outbox: [{ kind: 'message', key }], next_action_at: 1000 });
  });

  it.each([
    [1000, 2000],
    [4000, 8000],
    [30_000, 60_000],
    [60_000, 120_000],
    [3_600_000, 3_660_000],
  ])('after %d ms without a row it is looked at again at %d ms', (afterMs, next) => {
    expect(lookAgain(sentAt(0), afterMs).state.next_action_at).toBe(next);
  });

  it('is looked at again when the ledger acts on it', () => {
    const open: Settlement = { outcome: 'open', until: 5 * HOUR };
    expect(lookAgain(sentAt(0), 1000, [[key, open]]).state.next_action_at).toBe(5 * HOUR);
  });

  it('is looked at again a second later where the ledger is late itself', () => {
    const open: Settlement = { outcome: 'open', until: 0 };
    expect(lookAgain(sentAt(0), 1000, [[key, open]]).state.next_action_at).toBe(2000);
  });

  it('costs no look where nothing waits for it', () => {
    const { state } = sentAt(0, { a: stage([followed], waiting) });
    expect(state.next_action_at).toBe(40 * HOUR);
  });

  it('leaves the outbox when it is settled, and the conversation stays as it is otherwise', () => {
    const { state } = lookAgain(sentAt(0, { a: stage([followed], waiting) }), 400, [
      [key, { outcome: 'sent', at: 300 }],
    ]);
    expect(state).toMatchObject({
      outbox: [],
      next_action_at: 40 * HOUR,
      visit: { late_ms: 0, messages: [{ settled_at: 0, accepted_at: 0 }] },
    });
  });

  it.each([
    [1000, 0, 0],
    [1001, 1001, 1001],
  ])('settled %d ms after its decision, it left at %d and moves deadlines by %d', (at, settledAt, lateMs) => {
    const { state } = lookAgain(sentAt(0, { a: stage([followed], waiting) }), 2000, [[key, { outcome: 'sent', at }]]);
    expect(state.visit).toMatchObject({ late_ms: lateMs, messages: [{ settled_at: settledAt }] });
  });

  it('an escalation leaves the outbox when it is recorded', () => {
    const input = sentAt(0, { a: stage([], { ...waiting, escalation_after_hours: 0 }) });
    expect(input.state.outbox).toEqual([
      { kind: 'escalation', key: `${CONVERSATION}/a/1`, stage: 'a', visit: 1, action: 'notify_manager', decided_at: 0 },
    ]);
    const { state, events } = lookAgain(input, 1000, [[`${CONVERSATION}/a/1`, { outcome: 'sent', at: 0 }]]);
    expect(state.outbox).toEqual([]);
    expect(state.escalation?.status).toBe('open');
    expect(events).toEqual([]);
  });
});
