import fc from 'fast-check';
import { type ExpectedAnswers, meaningOf } from './meaning.js';

const INTENTS = ['accept_proposal', 'Sign-Contract', 'yes', '3'];
const EXPECTED: ExpectedAnswers = { intents: INTENTS, number: null };
const RATED: ExpectedAnswers = { intents: INTENTS, number: { field: 'rating', scales: [1, 5] } };

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
    expect(meaningOf(text, EXPECTED).intent).toBe(intent);
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
    expect(meaningOf(text, EXPECTED).data).toEqual(data);
  });

  it.each([
    ['5', { rating: 5 }],
    ['\n\n 4.5 \nThank you.', { rating: 4.5 }],
    ['5.', { rating: 5 }],
    ['5!', { rating: 5 }],
    ['4/5', { rating: 4 }],
    ['4 / 5!', { rating: 4 }],
    ['4 out of 5', { rating: 4 }],
    ['4 of 5, well done', { rating: 4 }],
    ['5 - thanks!', { rating: 5 }],
    ['5 \u2013 thanks!', { rating: 5 }],
    ['1! Never again', { rating: 1 }],
    ['2, sadly', { rating: 2 }],
    ['1\nCity: Rome', { rating: 1, city: 'Rome' }],
    ['1\nRating: 2', { rating: 2 }],
    ['4/10', undefined],
    ['7/5', undefined],
    ['5-10', undefined],
    ['4,5', undefined],
    ['4 - or 5', undefined],
    ['4 or 5', undefined],
    ['5 days ago I wrote to you', undefined],
    ['1. It took too long', undefined],
    ['-1', undefined],
    ['My rating is 5', undefined],
    ['Thanks!\n5', undefined],
    ['1234567890123456', undefined],
    ['3', undefined],
  ])('of %j has the data %j where one number is asked for', (text, data) => {
    expect(meaningOf(text, RATED).data).toEqual(data);
  });

  it.each([
    null,
    { field: 'constructor', scales: [] },
    { field: '__proto__', scales: [] },
    { field: 'a b', scales: [] },
  ])('of a number alone has no data where %j is asked for', (number) =>
    expect(meaningOf('5', { intents: [], number }).data).toBeUndefined(),
  );

  it('has fifty fields at most, each of a thousand characters at most', () => {
    const lines = Array.from({ length: 80 }, (_, i) => `f${i}: ${'x'.repeat(5000)}`);
    const values = Object.values(meaningOf(lines.join('\n'), EXPECTED).data ?? {});
    expect(values).toHaveLength(50);
    expect(values.every((value) => String(value).length === 1000)).toBe(true);
  });

  it('is found in whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        expect(INTENTS.concat('none')).toContain(meaningOf(text, EXPECTED).intent ?? 'none');
      }),
    );
  });
});
