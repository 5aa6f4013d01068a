import { quotaOf } from './quota.js';

describe('quotaOf', () => {
  it.each([
    { priority: 'high', expected: 100 },
    { priority: 'normal', expected: 50 },
    { priority: undefined, expected: 50 },
    { priority: 'low', expected: 25 },
    { priority: 'toString', expected: 50 },
  ])('a campaign of $priority priority may have $expected batches waiting', ({ priority, expected }) => {
    expect(quotaOf({ metadata: priority === undefined ? {} : { priority: priority as 'high' } })).toBe(expected);
  });
});
