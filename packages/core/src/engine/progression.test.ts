import { decide } from './decide.js';
import { CONVERSATION, HOUR, inputOf, message, operator, reply, stage } from './fixtures/scenario.js';
import type { DecideInput, Decision, Progression, Settlement } from './types.js';

const stages = {
  decision: stage([message()], {
    response_required: true,
    min_stage_duration_hours: 2,
    max_stage_duration_hours: 10,
    next_stage: 'contract',
  }),
  approval: stage([message()], { response_required: true, max_stage_duration_hours: 10 }),
  contract: stage([message({ delay_hours: 1 })], { next_stage: null }),
};

/** The conversation at hour 0 has sent its first message; the input is its next look, with or without a reply. */
function at(hour: number, more: Partial<DecideInput> = {}, replied = false): DecideInput {
  const input = inputOf({ stages });
  const first = decide(input);
  const settlements = new Map<string, Settlement>([[`${CONVERSATION}/decision/1/0/0`, { outcome: 'sent', at: 0 }]]);
  const inbox = replied ? [reply(1)] : [];
  return { ...input, state: { ...first.state, inbox }, settlements, now: hour * HOUR, ...more };
}

function says(progress: boolean, next_stage: string | null, context?: object): readonly Progression[] {
  const answer = { kind: 'answer', progress, next_stage, ...(context && { context: { ...context } }) } as const;
  return [{ stage: 'decision', visit: 1, ...answer }];
}

const told = ({ events, state }: Decision) => [
  ...events
    .filter(({ type }) => ['advanced', 'completed', 'blocked'].includes(type))
    .map(({ type, reason, detail }) => [type, detail?.['to_stage'] ?? detail?.['result'], reason]),
  state.current_stage,
];

describe('a decision with custom logic', () => {
  it.each<[string, DecideInput, boolean, string | null]>([
    ['goes on', at(1), false, null],
    ['ends with a response', at(2, {}, true), true, 'contract'],
    ['waits for the minimum', at(1, {}, true), false, null],
    ['ends in failure at the maximum', at(10), true, null],
  ])('is asked with the verdict of the rules where the stage %s', (_, input, progress, next_stage) => {
    const { evaluations } = decide({ ...input, progressions: [] });

    expect(evaluations?.slice(0, 1)).toMatchObject([{ stage: 'decision', visit: 1, progress, next_stage }]);
  });

  it('is asked for every visit that the decision looks at, with the state at that moment', () => {
    const { evaluations } = decide({ ...at(2, {}, true), progressions: [] });

    expect(evaluations?.map((e) => [e.stage, e.state.current_stage, e.state.response_count])).toEqual([
      ['decision', 'decision', 1],
      ['contract', 'contract', 1],
    ]);
  });

  it.each<[string, DecideInput]>([
    ['is snoozed', at(1, { state: { ...at(1).state, inbox: [operator(1, { name: 'snooze', until: 5 * HOUR })] } })],
    ['is blocked', at(1, { state: { ...at(1).state, status: 'blocked', reason: 'x' } })],
    ['has ended', at(1, { state: { ...at(1).state, inbox: [operator(1, { name: 'fail' })] } })],
  ])('is not asked where the conversation %s', (_, input) => {
    expect(decide({ ...input, progressions: [] }).evaluations).toEqual([]);
  });

  it('changes nothing where it says the same as the rules, nor where it is not configured', () => {
    for (const input of [at(1), at(2, {}, true), at(10)]) {
      const { evaluations, ...asked } = decide({ ...input, progressions: [] });
      const [{ progress, next_stage } = { progress: false, next_stage: null }] = evaluations ?? [];
      const { evaluations: _, ...same } = decide({ ...input, progressions: says(progress, next_stage) });

      expect(decide(input)).not.toHaveProperty('evaluations');
      expect(asked).toEqual(decide(input));
      expect(same).toEqual(decide(input));
    }
  });

  it.each<[string, DecideInput, readonly Progression[], readonly unknown[]]>([
    [
      'another stage than the rules',
      at(2, {}, true),
      says(true, 'approval'),
      [['advanced', 'approval', 'custom'], 'approval'],
    ],
    ['a stage though the rules wait', at(1), says(true, 'approval'), [['advanced', 'approval', 'custom'], 'approval']],
    [
      'a stage though the rules give up',
      at(10),
      says(true, 'approval'),
      [['advanced', 'approval', 'custom'], 'approval'],
    ],
    ['the end though the rules wait', at(1), says(true, null), [['completed', 'success', 'custom'], 'decision']],
    ['to stay though the rules go on', at(2, {}, true), says(false, null), ['decision']],
    ['to stay though the rules give up', at(10), says(false, null), ['decision']],
    [
      'a stage that the template lacks',
      at(1),
      says(true, 'aproval'),
      [['blocked', undefined, 'custom_logic_unknown_stage: aproval'], 'decision'],
    ],
    [
      'nothing that could be used',
      at(2, {}, true),
      [{ stage: 'decision', visit: 1, kind: 'fault', reason: 'custom_logic_timeout' }],
      [['blocked', undefined, 'custom_logic_timeout'], 'decision'],
    ],
    ['something of another visit', at(1), [{ ...(says(true, 'approval')[0] as Progression), visit: 2 }], ['decision']],
  ])('does as it says: %s', (_, input, progressions, expected) => {
    expect(told(decide({ ...input, progressions }))).toEqual(expected);
  });

  it('applies what waits in the inbox before it is blocked, so that a retry unblocks and asks again', () => {
    const fault: Progression = { stage: 'decision', visit: 1, kind: 'fault', reason: 'custom_logic_timeout' };
    const { state } = decide({ ...at(2, {}, true), progressions: [fault] });
    const again = decide({
      ...at(3),
      state: { ...state, inbox: [operator(3, { name: 'retry' })] },
      progressions: [],
    });

    expect(state).toMatchObject({ status: 'blocked', inbox: [], response_count: 1 });
    expect(again.evaluations).toMatchObject([{ stage: 'decision', progress: true }, { stage: 'contract' }]);
    expect(again.state).toMatchObject({ status: 'active', current_stage: 'contract' });
  });

  it.each([
    [1, HOUR],
    [0.5, HOUR / 2],
    [0.000_01, 1000],
  ])('holds back and looks again after an hour times the factor %d, not at once', (factor, expected) => {
    const input = at(10, { progressions: says(false, null) });
    const decision = decide({ ...input, template: { ...input.template, factor } });

    expect(decision.state.next_action_at).toBe(10 * HOUR + expected);
  });

  it('keeps the earlier of its own deadlines while it is held back', () => {
    const input = at(10, { progressions: says(false, null) });
    const campaign = { ...input.campaign, end_at: 10 * HOUR + 5 };

    expect(decide({ ...input, campaign }).state.next_action_at).toBe(10 * HOUR + 5);
  });

  it('takes the context over, also where it goes on as the rules say, which it does not lead elsewhere', () => {
    const transitions = [{ condition: 'context.size > 5', to: 'approval' }];
    const { progression_rules: rules } = stages.decision;
    const input = {
      ...at(2, {}, true),
      template: inputOf({ stages: { ...stages, decision: stage([message()], { ...rules, transitions }) } }).template,
    };
    const stays = decide({ ...at(1), progressions: says(false, null, { size: 9 }) });
    const goes = decide({ ...input, progressions: says(true, 'contract', { size: 9 }) });

    expect([stays.state.current_stage, stays.state.context]).toEqual(['decision', { size: 9 }]);
    expect(told(goes)).toEqual([['advanced', 'contract', 'response'], 'contract']);
    expect(goes.state.context).toEqual({ size: 9 });
  });

  it('cannot run in circles for ever', () => {
    const circle = Array.from({ length: 30 }, (_, i): Progression[] => [
      { stage: 'decision', visit: i, kind: 'answer', progress: true, next_stage: 'approval' },
      { stage: 'approval', visit: i, kind: 'answer', progress: true, next_stage: 'decision' },
    ]).flat();

    expect(decide({ ...at(1), progressions: circle }).state).toMatchObject({
      status: 'completed',
      reason: 'loop_limit',
    });
  });
});
