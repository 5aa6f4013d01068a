import { didYouMean } from './did-you-mean.js';

const KNOWN = ['name', 'messages', 'max_follow_ups', 'delay_hours'];

describe('didYouMean', () => {
  it.each([
    ['mesages', 'messages'],
    ['nmae', undefined],
    ['names', 'name'],
    ['maxFollowUps', 'max_follow_ups'],
    ['MAX-FOLLOW-UPS', 'max_follow_ups'],
    ['delay_hour', 'delay_hours'],
    ['colour', undefined],
    ['', undefined],
  ])('for %j suggests %s', (given, expected) => {
    expect(didYouMean(given, KNOWN)).toBe(expected && `did you mean \`${expected}\`?`);
  });

  it('compares no names that are longer than any known one', () => {
    const long = 'a'.repeat(1_000_000);
    expect(didYouMean(long, [long])).toBeUndefined();
  });
});
