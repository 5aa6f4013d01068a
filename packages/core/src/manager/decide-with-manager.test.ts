import { decide } from '../engine/decide.js';
import { HOUR, inputOf, message, operator, reply, stage } from '../engine/fixtures/scenario.js';
import type { DecideInput, Variables } from '../engine/types.js';
import { CampaignManager, type StageProgressionState } from './campaign-manager.js';
import { decideWithManager } from './decide-with-manager.js';

const stages = {
  decision: stage([message({ delay_hours: 1 })], {
    response_required: true,
    max_stage_duration_hours: 10,
    next_stage: 'contract',
  }),
  approval: stage([message({ delay_hours: 1 })], { response_required: true, max_stage_duration_hours: 10 }),
  contract: stage([message({ delay_hours: 1 })], { next_stage: null }),
};

const campaign = { type: 'enterprise_sales', context: { product: { name: 'Ledgerly', tier: 'gold' }, limit: 5 } };
const errors: unknown[] = [];
beforeEach(() => errors.splice(0));

function conversation(context: Variables = {}, more: Partial<DecideInput> = {}): DecideInput {
  return { ...inputOf({ stages, campaign, context }), ...more };
}

function decideBy(evaluate: CampaignManager['evaluateStageProgression'], input = conversation(), timeoutMs = 1000) {
  class Manager extends CampaignManager {
    override evaluateStageProgression(id: string, state: StageProgressionState) {
      return evaluate.call(this, id, state);
    }
  }
  return decideWithManager(new Manager(), input, { timeoutMs, onError: (error) => errors.push(error) });
}

const answers = (answer: unknown) => decideBy(async () => answer as never);

/** The document's own example, word for word. */
class CustomCampaignManager extends CampaignManager {
  override async evaluateStageProgression(conversationId: string, state: StageProgressionState) {
    let [shouldProgress, nextStage, updatedState] = await super.evaluateStageProgression(conversationId, state);
    if (state.campaign_type === 'enterprise_sales' && state.current_stage === 'decision') {
      if (Number(state.context['deal_size'] ?? 0) > 100_000) {
        nextStage = 'approval';
        shouldProgress = true;
      }
    }
    return [shouldProgress, nextStage, updatedState] as const;
  }
}

describe('decideWithManager', () => {
  it.each([
    [250_000, 'approval'],
    [100_000, 'decision'],
    [undefined, 'decision'],
  ])('takes a deal of %p to %s, as the guide has it', async (deal_size, expected) => {
    const input = conversation({ deal_size });
    const options = { timeoutMs: 1000, onError: (error: unknown) => errors.push(error) };
    const { state } = await decideWithManager(new CustomCampaignManager(), input, options);

    expect([state.current_stage, errors]).toEqual([expected, []]);
  });

  it.each<[string, DecideInput]>([
    ['waits', conversation()],
    ['gives up', conversation({}, { now: 10 * HOUR })],
    [
      'ended by a command',
      conversation({}, { state: { ...conversation().state, inbox: [operator(0, { name: 'fail' })] } }),
    ],
  ])('decides as the rules do where the class is not extended and a conversation %s', async (_, input) => {
    const decision = await decideWithManager(new CampaignManager(), input, { timeoutMs: 1000, onError: throwing });

    expect(decision).toEqual(decide(input));
  });

  it('leaves the very same state where nothing changes', async () => {
    const { state } = decide(conversation());
    const decision = await decideBy(
      async function (this: CampaignManager, id, seen) {
        return CampaignManager.prototype.evaluateStageProgression.call(this, id, seen);
      },
      conversation({}, { state }),
    );

    expect(decision.state).toBe(state);
  });

  it('shows the campaign, the stage, the merged context and the latest response, frozen', async () => {
    const seen: unknown[] = [];
    const state = { ...conversation({ product: { tier: 'silver' } }).state, inbox: [reply(0, 'maybe', { rating: 4 })] };
    await decideBy(
      async (id, view) => {
        seen.push(id, view, Object.isFrozen(view), Object.isFrozen(view.context['product']));
        return [false, null, {}];
      },
      conversation({}, { state }),
    );

    expect(seen).toEqual([
      'camp/ada',
      {
        campaign_id: 'camp',
        campaign_type: 'enterprise_sales',
        current_stage: 'decision',
        stage_visit: 1,
        context: { product: { name: 'Ledgerly', tier: 'silver' }, limit: 5 },
        response_count: 1,
        latest_response: { rating: 4, intent: 'maybe' },
      },
      true,
      true,
    ]);
  });

  it('asks about every stage that the decision enters, and stops where a module goes in circles', async () => {
    const asked: string[] = [];
    const { state } = await decideBy(async (_, { current_stage, stage_visit }) => {
      asked.push(`${current_stage} ${stage_visit}`);
      return [true, current_stage === 'decision' ? 'approval' : 'decision', {}];
    });

    expect(asked.slice(0, 3)).toEqual(['decision 1', 'approval 1', 'decision 2']);
    expect(state).toMatchObject({ status: 'completed', result: 'failed', reason: 'loop_limit' });
  });

  it('keeps of the context what the campaign does not say already', async () => {
    const input = conversation({ deal: { size: 7, notes: ['a'] } });
    const { state } = await decideBy(async function (this: CampaignManager, id, seen) {
      const [, , updated] = await CampaignManager.prototype.evaluateStageProgression.call(this, id, seen);
      Object.assign(updated.context ?? {}, { 'deal.approved': true, limit: 6, gone: undefined });
      return [false, null, updated];
    }, input);

    expect(state.context).toEqual({ deal: { size: 7, notes: ['a'], approved: true }, limit: 6 });
    expect(input.state.context).toEqual({ deal: { size: 7, notes: ['a'] } });
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /expected an array/],
    ['a promise of text', 'yes', /expected an array/],
    ['a number for a truth', [1, null, {}], /shouldProgress/],
    ['a number for a stage', [true, 3, {}], /nextStage/],
    ['a text for a state', [true, null, 'x'], /updatedState/],
    ['a list for a context', [false, null, { context: [] }], /the context is no object/],
    ['a date', [false, null, { context: { at: new Date() } }], /\$\.context\.at is no plain object/],
    ['a function', [false, null, { context: { f: [() => 1] } }], /\$\.context\.f\[0\] is of type function/],
    ['a number that JSON lacks', [false, null, { context: { n: Number.NaN } }], /\$\.context\.n is NaN/],
    ['a key of prototypes', [false, null, { context: JSON.parse('{"a":{"__proto__":{}}}') }], /__proto__/],
    ['a key of queries', [false, null, { context: { $where: 1 } }], /begin with \$/],
    ['a reserved name', [false, null, { context: { recipient: 1 } }], /reserved/],
    ['a circle', [false, null, { context: circle() }], /32 levels/],
    ['too much', [false, null, { context: { text: 'x'.repeat(100_001) } }], /more than 100000/],
  ])('blocks the conversation where the answer is %s', async (_, answer, expected) => {
    const { state } = await answers(answer);

    expect(state.status).toBe('blocked');
    expect(state.reason).toMatch(/^custom_logic_invalid_answer: /);
    expect(state.reason).toMatch(expected);
  });

  it.each<[string, () => never, string]>([
    ['an error', () => throwing(new RangeError('no such deal')), 'custom_logic_failed: no such deal'],
    ['a text', () => throwing('out of order'), 'custom_logic_failed: out of order'],
    ['a long error', () => throwing(new Error('x'.repeat(1000))), `custom_logic_failed: ${'x'.repeat(300)}...`],
  ])('blocks the conversation where the module throws %s', async (_, evaluate, reason) => {
    const { state } = await decideBy(evaluate);

    expect(state).toMatchObject({ status: 'blocked', reason });
    expect(errors).toHaveLength(1);
  });

  it('blocks the conversation where the standard evaluation is asked for another state', async () => {
    const { state } = await decideBy(async function (this: CampaignManager, id, seen) {
      return CampaignManager.prototype.evaluateStageProgression.call(this, id, { ...seen });
    });

    expect(state.reason).toMatch(/^custom_logic_failed: .*very state/);
  });

  it('blocks the conversation where no answer comes in time, for all stages together', async () => {
    const silent = await decideBy(() => new Promise(() => {}), conversation(), 20);
    const slow = await decideBy(
      (_, { current_stage }) =>
        new Promise((resolve) =>
          setTimeout(() => resolve([true, current_stage === 'decision' ? 'approval' : 'decision', {}]), 15),
        ),
      conversation(),
      50,
    );

    expect([silent.state.reason, slow.state.reason]).toEqual(['custom_logic_timeout', 'custom_logic_timeout']);
    expect(slow.events.some(({ type, reason }) => type === 'advanced' && reason === 'custom')).toBe(true);
  });
});

function throwing(what: unknown): never {
  throw what;
}

function circle(): object {
  const a: { a?: object } = {};
  a.a = a;
  return a;
}
