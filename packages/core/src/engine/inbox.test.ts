import { decide } from './decide.js';
import { inputOf, message, operator, optOut, reply, stage } from './fixtures/scenario.js';
import { APPLIED_EVENT_IDS } from './inbox.js';
import type { DecideInput, InboxEvent } from './types.js';

const stages = {
  a: stage([message()], { response_required: true, max_stage_duration_hours: 100, min_responses_required: 3 }),
};

function received(inbox: readonly InboxEvent[], change: Partial<DecideInput['state']> = {}): DecideInput {
  const input = inputOf({ stages });
  return { ...input, state: { ...input.state, inbox, next_action_at: 0, ...change } };
}

const responses = (input: DecideInput) => decide(input).events.filter(({ type }) => type === 'response');

describe('the inbox', () => {
  it('is applied in order of arrival, whatever the times in it say', () => {
    const { state, events } = decide(
      received([reply(2, 'second', { score: 2, note: 'x' }), reply(1, 'first', { score: 1 })]),
    );
    expect(events.map(({ type, detail }) => [type, detail?.['intent']])).toEqual([
      ['response', 'second'],
      ['response', 'first'],
      ['sent', undefined],
    ]);
    expect(state.latest_response).toEqual({ score: 1, intent: 'first' });
    expect(state.response_fields).toEqual({ score: 1, note: 'x', intent: 'first' });
    expect(state.response_count).toBe(2);
  });

  it('is empty afterwards, and its ids are remembered', () => {
    const { state } = decide(received([reply(1), operator(2, { name: 'release' })]));
    expect(state.inbox).toEqual([]);
    expect(state.applied_event_ids).toEqual(['reply-1', 'release-2']);
  });

  it('is not applied twice where an event arrives again in a later inbox', () => {
    const input = received([reply(1)], { applied_event_ids: ['reply-1'] });
    expect(responses(input)).toEqual([]);
    expect(decide(input).state).toMatchObject({ response_count: 0, inbox: [], applied_event_ids: ['reply-1'] });
  });

  it('is not applied twice where an event arrives again in the same inbox', () => {
    expect(responses(received([reply(1), reply(1)]))).toHaveLength(1);
  });

  it('remembers as many ids as the design says, the newest', () => {
    const known = Array.from({ length: APPLIED_EVENT_IDS }, (_, i) => `old-${i}`);
    const { state } = decide(received([reply(1), reply(2)], { applied_event_ids: known }));
    expect(APPLIED_EVENT_IDS).toBe(100);
    expect(state.applied_event_ids).toEqual([...known.slice(2), 'reply-1', 'reply-2']);
  });

  it('ends with the event that ends the conversation; what came after it is taken out without effect', () => {
    const { state, events } = decide(received([optOut(1), reply(2), operator(3, { name: 'complete' })]));
    expect(events.map(({ type }) => type)).toEqual(['completed']);
    expect(state).toMatchObject({ result: 'opted_out', inbox: [], response_count: 0 });
  });

  it('is applied to a blocked conversation as well', () => {
    const input = received([reply(1, 'hello')], { status: 'blocked', reason: 'because' });
    const { state, sends } = decide(input);
    expect(state).toMatchObject({ status: 'blocked', reason: 'because', response_count: 1 });
    expect(sends).toEqual([]);
  });

  it('is emptied without effect on a completed conversation', () => {
    const { state, events } = decide(received([reply(1)], { status: 'completed', result: 'success' }));
    expect(events).toEqual([]);
    expect(state).toMatchObject({ status: 'completed', result: 'success', inbox: [], response_count: 0 });
  });

  it('keeps what a reply says beside its data, and its own intent and text over those of the data', () => {
    const { state } = decide(
      received([
        {
          id: 'r',
          type: 'response',
          at: 0,
          intent: 'yes',
          text: 'Yes!',
          data: { intent: 'no', text: 'No.', rating: 4 },
        },
      ]),
    );
    expect(state.latest_response).toEqual({ intent: 'yes', text: 'Yes!', rating: 4 });
  });

  it('an intent that stands only in the data satisfies nothing', () => {
    const input = inputOf({
      stages: { a: stage([], { response_required: true, specific_response_required: 'yes' }) },
      template: { completion_conditions: { specific_response_received: 'yes' } },
    });
    const { state } = decide({ ...input, state: { ...input.state, inbox: [reply(0, undefined, { intent: 'yes' })] } });
    expect(state.status).toBe('active');
  });
});
