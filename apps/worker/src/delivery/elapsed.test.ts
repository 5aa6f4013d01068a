import { startStopwatch } from './elapsed.js';

describe('startStopwatch', () => {
  it.each([
    { name: 'a clock that was set forward', wall: 9000, monotonic: 10, expected: 9000 },
    { name: 'a clock that was set back', wall: -5000, monotonic: 700, expected: 700 },
    { name: 'a machine that was suspended', wall: 60_000, monotonic: 1, expected: 60_000 },
  ])('believes the larger reading: $name', ({ wall, monotonic, expected }) => {
    let moved = false;
    const elapsed = startStopwatch(
      () => (moved ? 1000 + wall : 1000),
      () => (moved ? 50 + monotonic : 50),
    );
    moved = true;
    expect(elapsed()).toBe(expected);
  });
});
