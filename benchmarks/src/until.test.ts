import { pauseMs, RunTimeoutError, untilAtLeast, untilTrue } from './until.js';

it.each([
  ['nothing is done yet', { done: 0, left: 100, elapsedMs: 400 }, 50],
  ['half is done', { done: 50, left: 50, elapsedMs: 400 }, 200],
  ['it is nearly done', { done: 99, left: 1, elapsedMs: 400 }, 50],
  ['it takes long', { done: 1, left: 1000, elapsedMs: 400 }, 1000],
])('when %s, it pauses for so long', (_what, progress, expected) => {
  expect(pauseMs(progress)).toBe(expected);
});

it('asks until there is enough', async () => {
  const answers = [0, 3, 9, 10, 11];
  await untilAtLeast(10, async () => answers.shift() ?? Number.NaN, 10_000);
  expect(answers).toEqual([11]);
});

it('gives up in the end, and says how far it came', async () => {
  await expect(untilAtLeast(10, async () => 3, 0)).rejects.toThrow(new RunTimeoutError('Only 3 of 10, for 0 ms.'));
  await expect(untilTrue('it rains', async () => false, 0)).rejects.toThrow('Not within 0 ms: it rains.');
});
