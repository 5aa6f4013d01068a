import { addOutcome, type OutcomeWindow, outcomesSince, tooManyBad } from './outcome-window.js';

const LIMITS = { rate: 0.5, atLeast: 50 };

/** `good` and `bad` outcomes, evenly over the time from `from` to `to`. */
function windowOf(good: number, bad: number, from = 0, to = 30_000, before: OutcomeWindow = []): OutcomeWindow {
  let window = before;
  for (let i = 0; i < good + bad; i += 1) {
    window = addOutcome(window, from + ((to - from) * i) / (good + bad), i % (good + bad) >= good);
  }
  return window;
}

it.each([
  ['nothing was sent', 0, 0, LIMITS, null],
  ['all is well', 200, 0, LIMITS, null],
  ['all is bad, but of too few', 0, 49, LIMITS, null],
  ['half of enough is bad', 25, 25, LIMITS, 0.5],
  ['a little less than half is bad', 51, 49, LIMITS, null],
  ['the rate is stricter', 90, 10, { rate: 0.1, atLeast: 50 }, 0.1],
  ['every outcome may be judged', 0, 1, { rate: 1, atLeast: 1 }, 1],
  ['it is switched off', 0, 500, { rate: 0, atLeast: 50 }, null],
])('%s: %i good, %i bad', (_, good, bad, limits, expected) => {
  expect(tooManyBad(windowOf(good, bad), 30_000, limits)).toBe(expected);
});

it('what is older than a minute does not count, and is not kept', () => {
  const window = windowOf(0, 100, 0, 10_000);
  expect(tooManyBad(window, 70_001, LIMITS)).toBeNull();
  expect(addOutcome(window, 70_001, false)).toHaveLength(1);
});

it('what was before a resume does not count', () => {
  const window = windowOf(0, 10, 20_000, 25_000, windowOf(0, 100, 0, 10_000));
  expect(tooManyBad(window, 25_000, LIMITS)).toBe(1);
  expect(tooManyBad(outcomesSince(window, 20_000), 25_000, LIMITS)).toBeNull();
});

it('a window has at most one slice a second', () => {
  expect(windowOf(5000, 5000, 0, 59_000).length).toBeLessThanOrEqual(60);
});
