import { createTrigger } from './trigger.js';

const mail = (from: string, stage: string, recipient = 'r') => ({
  from,
  headers: { 'x-campaign-message': `c/${recipient}/${stage}/1/0/0` },
});

describe('the trigger of the accident', () => {
  it('leaves the first message of the stage without an answer and kills with the next of the same worker', () => {
    const trigger = createTrigger('decision');
    expect(trigger(mail('worker-1', 'awareness'))).toBe('accept');
    expect(trigger(mail('worker-2', 'decision', 'a'))).toBe('hang');
    expect(trigger(mail('worker-1', 'decision', 'b'))).toBe('accept');
    expect(trigger(mail('worker-2', 'awareness', 'c'))).toBe('accept');
    expect(trigger(mail('worker-2', 'decision', 'd'))).toBe('kill');
  });

  it('kills once', () => {
    const trigger = createTrigger('decision');
    const moves = ['a', 'b', 'c', 'd'].map((recipient) => trigger(mail('worker-1', 'decision', recipient)));
    expect(moves).toEqual(['hang', 'kill', 'accept', 'accept']);
  });

  it('is not concerned with mails that carry no key', () => {
    expect(createTrigger('decision')({ from: 'somebody', headers: {} })).toBe('accept');
  });
});
