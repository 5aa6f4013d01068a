import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it.each([
    { attempt: 1, random: 0, asked: 0, expected: 300_000 },
    { attempt: 2, random: 0, asked: 0, expected: 600_000 },
    { attempt: 7, random: 0, asked: 0, expected: 300_000 * 64 },
    { attempt: 50, random: 0, asked: 0, expected: 300_000 * 64 },
    { attempt: 0, random: 0, asked: 0, expected: 300_000 },
    { attempt: 1, random: 1, asked: 0, expected: 360_000 },
    { attempt: 1, random: 0, asked: 1_000_000, expected: 1_000_000 },
  ])('waits $expected ms after attempt $attempt', ({ attempt, random, asked, expected }) => {
    expect(backoffMs(attempt, 300_000, random, asked)).toBe(expected);
  });
});
