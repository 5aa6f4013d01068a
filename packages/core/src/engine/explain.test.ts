import { compileTemplate } from './compile-template.js';
import { decide } from './decide.js';
import { explain } from './explain.js';
import { knownIntents } from './explain-intents.js';
import { explanationToText } from './explain-text.js';
import type { ExplainInput, Explanation } from './explain-types.js';
import {
  CONVERSATION,
  HOUR,
  inputOf,
  live,
  message,
  operator,
  optOut,
  reply,
  type Scenario,
  stage,
} from './fixtures/scenario.js';
import { runConversation } from './run-conversation.js';
import type { ConversationEvent } from './types.js';

const scenario: Scenario = {
  stages: {
    hello: {
      ...stage([message({ max_follow_ups: 2, follow_up_delay_hours: 48 })], {
        response_required: true,
        min_responses_required: 2,
        min_stage_duration_hours: 24,
        max_stage_duration_hours: 168,
        escalation_after_hours: 100,
        transitions: [{ condition: 'response.intent == "postpone" and response.rating > 3', to: 'later' }],
        next_stage: 'offer',
      }),
      name: 'First contact',
    },
    offer: stage([message({ delay_hours: 4 })], {
      response_required: true,
      max_stage_duration_hours: 72,
      next_stage: null,
    }),
    later: stage([message({ delay_hours: 1 })], { next_stage: 'hello' }),
  },
  template: { completion_conditions: { specific_response_received: 'accept' } },
};

/** The explanation at an hour of what was lived until then. */
function explainAt(hour: number, more: Partial<Scenario> = {}, input: Partial<ExplainInput> = {}): Explanation {
  const lived = live({ ...scenario, ...more, until: hour });
  const { state: _, ...base } = inputOf({ ...scenario, ...more });
  return explain({ ...base, state: lived.state, history: lived.events, now: hour * HOUR, ...input });
}

const lines = (events: Explanation['next']) => events.map(({ at, sentence }) => [at / HOUR, sentence]);

describe('explain', () => {
  it('tells what was decided, and why, in plain sentences', () => {
    const events = [reply(60), reply(70, 'maybe')];

    expect(lines(explainAt(75, { events }).history)).toEqual([
      [0, 'It sends message 1 of the stage "First contact".'],
      [48, 'It sends follow-up 1 of message 1 of the stage "First contact".'],
      [60, 'A reply comes; it counts for the stage "First contact".'],
      [70, 'A reply with the intent "maybe" comes; it counts for the stage "First contact".'],
      [
        70,
        'It leaves the stage "First contact" for "offer", because the replies that the stage waits for have come and its minimum duration has passed.',
      ],
      [74, 'It sends message 1 of the stage "offer".'],
    ]);
  });

  it('tells what comes next and how it ends, as the same engine would decide it', () => {
    const { next, end } = explainAt(1);

    expect(lines(next)).toEqual([
      [48, 'It sends follow-up 1 of message 1 of the stage "First contact".'],
      [96, 'It sends follow-up 2 of message 1 of the stage "First contact".'],
      [100, 'It asks a human for help (notify_manager), because the stage "First contact" has waited long enough.'],
      [168, 'The escalation is over, because the conversation ends.'],
      [168, "The conversation ends as failed, because the stage's maximum duration has passed."],
    ]);
    expect(end).toEqual(next.at(-1));
  });

  it('predicts for every moment what then happens', () => {
    const base = inputOf(scenario);
    const whole = runConversation({ ...base, context: {}, start: 0 }).events;
    for (const hour of [0.5, 47, 48, 99, 101, 167]) {
      const { next } = explainAt(hour);

      expect(next.map(({ at, type }) => [at, type])).toEqual(
        whole.filter(({ at }) => at > hour * HOUR).map(({ at, type }) => [at, type]),
      );
    }
  });

  it.each<[string, Explanation, readonly (readonly [string, string, number?])[]]>([
    [
      'a reply and a follow-up',
      explainAt(30),
      [
        ['reply', 'The stage "First contact" waits for a reply (0 of 2 so far).', 168],
        ['time', 'A follow-up of message 1 waits for its time.', 48],
      ],
    ],
    [
      'the minimum, where the replies have come',
      explainAt(5, { events: [reply(1), reply(2)] }),
      [['time', 'The minimum duration of the stage "First contact" has not passed.', 24]],
    ],
    [
      'a message',
      explainAt(26, { events: [reply(1), reply(2)] }),
      [
        ['reply', 'The stage "offer" waits for a reply (0 of 1 so far).', 96],
        ['time', 'Message 1 of the stage "offer" waits for its time.', 28],
      ],
    ],
    [
      'an operator who took the escalation',
      explainAt(120, { events: [operator(110, { name: 'take' })] }),
      [
        ['operator', 'olga has taken the escalation; follow-ups and the maximum wait for that.'],
        ['reply', 'The stage "First contact" waits for a reply (0 of 2 so far).'],
      ],
    ],
    [
      'the end of a snooze',
      explainAt(3, { events: [operator(2, { name: 'snooze', until: 9 * HOUR })] }),
      [
        ['time', 'It is snoozed: nothing is sent and no deadline passes.', 9],
        ['reply', 'The stage "First contact" waits for a reply (0 of 2 so far).', 168],
        ['time', 'A follow-up of message 1 waits for its time.', 48],
        ['time', 'The minimum duration of the stage "First contact" has not passed.', 24],
      ],
    ],
    ['nothing, at the end', explainAt(200), []],
    [
      'an operator, where it is blocked',
      explainAt(1, { stages: { hello: stage([{ template: '{{missing}}' }]) } }),
      [['operator', 'It is blocked because a text needs a value that is missing (missing); an operator can retry it.']],
    ],
  ])('names what is awaited: %s', (_, { awaiting }, expected) => {
    expect(awaiting.map(({ what, sentence, until }) => [what, sentence, ...(until ? [until / HOUR] : [])])).toEqual(
      expected,
    );
  });

  it('tells what each response would do', () => {
    const { responses } = explainAt(30, { events: [reply(20)] });
    const effects = responses.map(({ kind, intents, at_once, afterwards }) => [
      kind,
      intents,
      lines(at_once),
      lines(afterwards),
    ]);

    expect(effects).toEqual([
      [
        'intent',
        ['accept'],
        [
          [30, 'A reply comes; it counts for the stage "First contact".'],
          [30, 'The conversation ends with success, because the reply with the intent "accept" has come.'],
        ],
        [],
      ],
      [
        'any_other',
        ['postpone'],
        [
          [30, 'A reply comes; it counts for the stage "First contact".'],
          [
            30,
            'It leaves the stage "First contact" for "offer", because the replies that the stage waits for have come and its minimum duration has passed.',
          ],
        ],
        [
          [34, 'It sends message 1 of the stage "offer".'],
          [102, "The conversation ends as failed, because the stage's maximum duration has passed."],
        ],
      ],
      [
        'opt_out',
        [],
        [[30, 'The conversation ends as opted out, because the recipient wants no further messages.']],
        [],
      ],
    ]);
  });

  it('tells that a reply moves the next follow-up, where it does not satisfy the stage', () => {
    const { responses } = explainAt(30);
    const other = responses.find(({ kind }) => kind === 'any_other');

    expect(lines(other?.afterwards ?? []).slice(0, 1)).toEqual([
      [78, 'It sends follow-up 1 of message 1 of the stage "First contact".'],
    ]);
  });

  it('does first what is due already, and what waits in the inbox', () => {
    const lived = live({ ...scenario, until: 30 });
    const late = { ...lived.state, inbox: [reply(40), reply(41)], next_action_at: 0 };
    const { next, status, stage: at } = explainAt(50, {}, { state: late });

    expect([status, at]).toEqual(['active', 'hello']);
    expect(lines(next).slice(0, 3)).toEqual([
      [40, 'A reply comes; it counts for the stage "First contact".'],
      [41, 'A reply comes; it counts for the stage "First contact".'],
      [50, expect.stringContaining('It leaves the stage "First contact" for "offer"')],
    ]);
  });

  it('knows what the ledger knows', () => {
    const { state } = decide(inputOf(scenario));
    const settlements = new Map([
      [`${CONVERSATION}/hello/1/0/0`, { outcome: 'failed', at: 1, detail: 'mailbox full' } as const],
    ]);
    const { awaiting, end } = explainAt(1, {}, { state, settlements });

    expect(awaiting.map(({ what }) => what)).not.toContain('delivery');
    expect(end?.sentence).toBe(
      'The conversation ends as failed, because a message cannot be delivered (mailbox full).',
    );
  });

  it('says that a message is on its way until the ledger has settled it', () => {
    const { state } = decide(inputOf(scenario));
    const settlements = new Map([[`${CONVERSATION}/hello/1/0/0`, { outcome: 'open', until: 2 } as const]]);
    const expected = { what: 'delivery', sentence: 'A message is on its way.' };

    expect(explainAt(1, {}, { state }).awaiting).toContainEqual(expected);
    expect(explainAt(1, {}, { state, settlements }).awaiting).toContainEqual(expected);
  });

  it('tells the wall clock where it is given one', () => {
    const wallClock = (at: number) => at + 1000 * HOUR;
    const told = explainAt(30, { events: [reply(20)] }, { wallClock });
    const times = JSON.stringify(told).matchAll(/"(?:at|until)":(\d+)/g);

    expect([...times].length).toBeGreaterThan(10);
    expect([...times].every(([, at]) => Number(at) >= 1000 * HOUR)).toBe(true);
    expect([told.at, told.history[0]?.at, told.awaiting[0]?.until].map((at) => (at ?? 0) / HOUR)).toEqual([
      1030, 1000, 1168,
    ]);
  });

  it('has no responses and no future for a conversation that has ended', () => {
    expect(explainAt(10, { events: [optOut(5)] })).toMatchObject({
      status: 'completed',
      result: 'opted_out',
      summary:
        'The conversation ends as opted out in the stage "First contact", because the recipient wants no further messages.',
      awaiting: [],
      next: [],
      responses: [],
    });
  });

  it('ends where a template runs in circles', () => {
    const stages = {
      a: { ...stage([message({ delay_hours: 1 })], { next_stage: 'b' }), max_visits: 100 },
      b: { ...stage([message({ delay_hours: 1 })], { next_stage: 'a' }), max_visits: 100 },
    };
    const { next, end } = explainAt(0.5, { stages });

    expect(next).toHaveLength(8);
    expect(end?.reason).toBe('loop_limit');
  });
});

describe('the sentences of history', () => {
  const of = (event: Partial<ConversationEvent>) =>
    explainAt(1, {}, { history: [{ at: 0, type: 'entered', stage: 'hello', visit: 1, ...event }] }).history[0]
      ?.sentence;
  const key = `${CONVERSATION}/hello/1/0/2`;

  it.each<[Partial<ConversationEvent>, string]>([
    [{ type: 'entered', visit: 2 }, 'The conversation enters the stage "First contact" (visit 2).'],
    [
      { type: 'response', detail: { qualifying: false } },
      'A reply comes; it does not count for the stage "First contact".',
    ],
    [
      { type: 'sent', reason: 'operator', detail: { key: `${key}/r1` } },
      'It sends follow-up 2 of message 1 (sent again) of the stage "First contact", because an operator said so.',
    ],
    [
      { type: 'voided', reason: 'response', detail: { key } },
      'It takes follow-up 2 of message 1 back before it leaves, because a reply came.',
    ],
    [
      { type: 'voided', reason: 'advanced', detail: { key } },
      'It takes follow-up 2 of message 1 back before it leaves, because the stage is over.',
    ],
    [
      { type: 'delivery', reason: 'mailbox full', detail: { key, outcome: 'failed' } },
      'Follow-up 2 of message 1 ends as failed: mailbox full.',
    ],
    [
      { type: 'delivery', reason: 'no such mailbox', detail: { key, outcome: 'bounced' } },
      'Follow-up 2 of message 1 ends as bounced: no such mailbox.',
    ],
    [
      { type: 'escalation_resolved', reason: 'satisfied' },
      'The escalation is over, because the replies that the stage waits for have come.',
    ],
    [{ type: 'command', detail: { by: 'olga', name: 'retry' } }, 'An operator (olga) tells it to try again.'],
    [{ type: 'command', detail: { by: 'olga', name: 'dance' } }, 'An operator (olga) gives the command dance.'],
    [
      { type: 'advanced', reason: 'custom', detail: { to_stage: 'offer' } },
      'It leaves the stage "First contact" for "offer", because custom logic said so.',
    ],
    [
      { type: 'blocked', reason: 'custom_logic_failed: no: such deal' },
      'It is blocked until an operator retries it, because custom logic failed (no: such deal).',
    ],
    [{ type: 'blocked', reason: 'strange' }, 'It is blocked until an operator retries it, because of: strange.'],
    [{ type: 'unblocked' }, 'It tries again.'],
    [
      { type: 'completed', reason: 'specific_response_not_received', detail: { result: 'failed' } },
      'The conversation ends as failed, because the last stage is over without the reply with the intent "accept".',
    ],
  ])('%j', (event, expected) => {
    expect(of(event)).toBe(expected);
  });
});

describe('knownIntents', () => {
  it('finds them in rules and in comparisons with response.intent, each once', () => {
    const conditions = [
      'response.intent == "a" and recipient.tier == "gold"',
      "'b' == response.intent or response.intent in ['c', \"a\"]",
      'not (response.intent != "d") and response.rating in [1, 2]',
      'response.intent',
    ];
    const transitions = conditions.map((condition) => ({ condition, to: null }));
    const template = compileTemplate(
      {
        _id: 't',
        name: 'T',
        type: 'sales',
        stages: {
          one: {
            messages: [
              { template: 'x', conditional_templates: [{ condition: 'response.intent == "e"', template: 'y' }] },
            ],
            progression_rules: { response_required: true, specific_response_required: 'f', transitions },
          },
        },
        completion_conditions: { specific_response_received: 'g' },
      },
      1,
    );

    expect(knownIntents(template)).toEqual(['g', 'f', 'a', 'b', 'c', 'd', 'e']);
  });
});

describe('explanationToText', () => {
  it('tells everything in sentences with dates', () => {
    const wallClock = (at: number) => Date.parse('2026-03-01T12:00:00Z') + at;

    expect(explanationToText(explainAt(30, {}, { wallClock })).split('\n')).toEqual([
      'Conversation camp/ada, 2026-03-02 18:00:00 UTC',
      'The conversation is active in the stage "First contact".',
      '',
      'What was decided',
      '  2026-03-01 12:00:00 UTC  It sends message 1 of the stage "First contact".',
      '',
      'What is awaited',
      '  until 2026-03-08 12:00:00 UTC  The stage "First contact" waits for a reply (0 of 2 so far).',
      '  until 2026-03-03 12:00:00 UTC  A follow-up of message 1 waits for its time.',
      '',
      'What happens if nothing comes',
      '  2026-03-03 12:00:00 UTC  It sends follow-up 1 of message 1 of the stage "First contact".',
      '  2026-03-05 12:00:00 UTC  It sends follow-up 2 of message 1 of the stage "First contact".',
      '  2026-03-05 16:00:00 UTC  It asks a human for help (notify_manager), because the stage "First contact" has waited long enough.',
      '  2026-03-08 12:00:00 UTC  The escalation is over, because the conversation ends.',
      "  2026-03-08 12:00:00 UTC  The conversation ends as failed, because the stage's maximum duration has passed.",
      '',
      'A reply with the intent "accept" would do this',
      '  at once: A reply comes; it counts for the stage "First contact".',
      '  at once: The conversation ends with success, because the reply with the intent "accept" has come.',
      '',
      'Any other reply would do this (so does the intent postpone)',
      '  at once: A reply comes; it counts for the stage "First contact".',
      '  2026-03-04 18:00:00 UTC  It sends follow-up 1 of message 1 of the stage "First contact".',
      '  2026-03-05 16:00:00 UTC  It asks a human for help (notify_manager), because the stage "First contact" has waited long enough.',
      '  2026-03-06 18:00:00 UTC  It sends follow-up 2 of message 1 of the stage "First contact".',
      '  2026-03-08 12:00:00 UTC  The escalation is over, because the conversation ends.',
      "  2026-03-08 12:00:00 UTC  The conversation ends as failed, because the stage's maximum duration has passed.",
      '',
      'An opt-out would do this',
      '  at once: The conversation ends as opted out, because the recipient wants no further messages.',
      '',
    ]);
  });
});
