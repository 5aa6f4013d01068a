import { wakes } from './wakes.js';

describe('wakes', () => {
  it.each([
    { status: 'sent', n: 1, expected: false },
    { status: 'sent', n: 2, expected: true },
    { status: 'failed', n: 1, expected: true },
    { status: 'unknown', n: 1, expected: true },
    { status: 'suppressed', n: 1, expected: true },
    { status: 'retry', n: 1, expected: false },
    { status: 'cancelled', n: 1, expected: false },
  ] as const)('$status at attempt $n: $expected', ({ status, n, expected }) => {
    expect(wakes({ status, attempt: { n, at: 0, outcome: status } })).toBe(expected);
  });
});

it('an attempt that did not count wakes nobody', () => {
  expect(wakes({ status: 'unknown', attempt: { n: 1, at: 0, outcome: 'held_back' }, uncounted: true })).toBe(false);
});
