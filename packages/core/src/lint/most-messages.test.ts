import type { Stage } from '../schemas/template.js';
import { mostMessages } from './most-messages.js';

const message = (max_follow_ups: number) => ({
  template: 'Hello',
  timing: { max_follow_ups, follow_up_delay_hours: 1 },
});

describe('mostMessages', () => {
  it.each<[string, { readonly [name: string]: Stage }, number]>([
    ['a message', { a: { messages: [message(0)] } }, 1],
    ['its follow-ups', { a: { messages: [message(3)] } }, 4],
    [
      "no more of them than the stage's",
      { a: { messages: [message(3), message(3)], progression_rules: { max_follow_ups: 4 } } },
      6,
    ],
    ['each stage once', { a: { messages: [message(1)] }, b: { messages: [message(0)] } }, 3],
    ['each visit of a loop', { a: { messages: [message(0)], progression_rules: { next_stage: 'a' } } }, 10],
  ])('counts %s', (_what, stages, most) => {
    expect(mostMessages({ _id: 't', name: 'T', type: 'sales', stages: { ...stages } })).toBe(most);
  });
});
