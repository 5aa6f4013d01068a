import fc from 'fast-check';
import { meaningOf } from './meaning.js';

const INTENTS = ['accept_proposal', 'Sign-Contract', 'yes'];

describe('the meaning of a reply', () => {
  it.each([
    ['accept proposal', 'accept_proposal'],
    ['Accept proposal!', 'accept_proposal'],
    ['  ACCEPT   PROPOSAL.  \nWe are in.', 'accept_proposal'],
    ['\n\naccept_proposal', 'accept_proposal'],
    ['sign contract', 'Sign-Contract'],
    ['"Yes"', 'yes'],
    ['yes, of course', undefined],
    ['We are in.\naccept proposal', undefined],
    ['reject proposal', undefined],
    ['...', undefined],
    ['', undefined],
  ])('of %j has the intent %j', (text, intent) => {
    expect(meaningOf(text, INTENTS).intent).toBe(intent);
  });

  it.each([
    ['Rating: 4', { rating: 4 }],
    ['rating:4', { rating: 4 }],
    ['Thanks.\nRating: 4.5\nCity: Berlin, Mitte', { rating: 4.5, city: 'Berlin, Mitte' }],
    ['Rating: -1', { rating: -1 }],
    ['Rating: 4 of 5', { rating: '4 of 5' }],
    ['Number: 00491701234567890', { number: '00491701234567890' }],
    ['a: 1\nA: 2', { a: 2 }],
    ['next_step: call', { next_step: 'call' }],
    ['Next step: call', undefined],
    ['Rating:', undefined],
    ['see https://example.com', undefined],
    ['https://example.com', undefined],
    ['intent: accept_proposal\ntext: x\nconstructor: y\n__proto__: z', undefined],
  ])('of %j has the data %j', (text, data) => {
    expect(meaningOf(text, INTENTS).data).toEqual(data);
  });

  it('has fifty fields at most, each of a thousand characters at most', () => {
    const lines = Array.from({ length: 80 }, (_, i) => `f${i}: ${'x'.repeat(5000)}`);
    const values = Object.values(meaningOf(lines.join('\n'), []).data ?? {});
    expect(values).toHaveLength(50);
    expect(values.every((value) => String(value).length === 1000)).toBe(true);
  });

  it('is found in whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        expect(INTENTS.concat('none')).toContain(meaningOf(text, INTENTS).intent ?? 'none');
      }),
    );
  });
});
