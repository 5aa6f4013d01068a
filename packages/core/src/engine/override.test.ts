import { decide } from './decide.js';
import { FAR_FUTURE } from './draft.js';
import { HOUR, inputOf, live, message, reply, stage } from './fixtures/scenario.js';
import { blockConversation, endConversation } from './override.js';
import type { DecideInput } from './types.js';

const stages = {
  a: stage([message()], { response_required: true, max_stage_duration_hours: 100, escalation_after_hours: 5 }),
};
const conditions = { completion_conditions: { specific_response_received: 'deal' } };

function sentAndNotSettled(): DecideInput {
  const input = inputOf({ stages, template: conditions });
  return { ...input, state: decide(input).state, now: HOUR };
}

describe('endConversation', () => {
  it('ends whatever the rules say, and takes back what has not left', () => {
    const { state, events } = endConversation(sentAndNotSettled(), 'cancelled', 'campaign_cancelled');
    expect(state).toMatchObject({
      status: 'completed',
      result: 'cancelled',
      reason: 'campaign_cancelled',
      outbox: [],
      next_action_at: FAR_FUTURE,
    });
    expect(events.map(({ type }) => type)).toEqual(['voided', 'completed']);
  });

  it('ends a blocked conversation and its escalation', () => {
    const input = inputOf({ stages });
    const { state: escalated } = live({ stages, until: 6 });
    const { state, events } = endConversation(
      { ...input, state: { ...escalated, status: 'blocked', reason: 'because' }, now: 7 * HOUR },
      'expired',
      'campaign_ended',
    );
    expect(state).toMatchObject({ status: 'completed', result: 'expired', escalation: null });
    expect(events.map(({ type }) => type)).toEqual(['escalation_resolved', 'completed']);
  });

  it('applies a reply that came in time before it ends', () => {
    const input = sentAndNotSettled();
    const { state, events } = endConversation(
      { ...input, state: { ...input.state, inbox: [reply(0.5, 'deal')] } },
      'expired',
      'campaign_ended',
    );
    expect(state).toMatchObject({ result: 'success', reason: 'specific_response_received', inbox: [] });
    expect(events.map(({ type }) => type)).toContain('response');
  });

  it('leaves a completed conversation as it is', () => {
    const input = inputOf({ stages });
    const state = { ...input.state, status: 'completed', result: 'success', next_action_at: FAR_FUTURE } as const;
    const decision = endConversation({ ...input, state }, 'cancelled', 'campaign_cancelled');
    expect(decision.state).toBe(state);
    expect(decision.events).toEqual([]);
  });
});

describe('blockConversation', () => {
  it('puts an active conversation aside until an operator or the end of the campaign', () => {
    const input = { ...inputOf({ stages, campaign: { end_at: 50 * HOUR } }), now: HOUR };
    const { state, events } = blockConversation(input, 'poisonous');
    expect(state).toMatchObject({ status: 'blocked', reason: 'poisonous', next_action_at: 50 * HOUR });
    expect(events).toEqual([{ at: HOUR, type: 'blocked', stage: 'a', visit: 1, reason: 'poisonous' }]);
  });

  it('without an end waits for the operator alone', () => {
    expect(blockConversation(inputOf({ stages }), 'poisonous').state.next_action_at).toBe(FAR_FUTURE);
  });

  it('keeps what one that is blocked already says of itself, but it is no longer due by its inbox', () => {
    const input = inputOf({ stages });
    const state = { ...input.state, status: 'blocked', reason: 'before', next_action_at: 0 } as const;
    expect(blockConversation({ ...input, state }, 'poisonous')).toEqual({
      state: { ...state, next_action_at: FAR_FUTURE },
      sends: [],
      events: [],
    });
  });

  it('leaves a completed conversation as it is', () => {
    const input = inputOf({ stages });
    const state = { ...input.state, status: 'completed', reason: 'before' } as const;
    expect(blockConversation({ ...input, state }, 'poisonous')).toEqual({ state, sends: [], events: [] });
  });
});
