import { recoveryOf } from './recovery.js';

const strikes = (...times: number[]) => times.map((from) => ({ from }));

it.each([
  ['no strike', [], [5], { medianMs: null, maxMs: null }],
  ['a strike behind the last acceptance', [9], [5], { medianMs: null, maxMs: null }],
  [
    'the first acceptance after it counts, in whatever order the journal is',
    [10],
    [40, 25, 5],
    { medianMs: 15, maxMs: 15 },
  ],
  ['of an even number the lower one is the median', [10, 30], [11, 40], { medianMs: 1, maxMs: 10 }],
  ['several strikes may wait for one acceptance', [1, 2, 3], [10], { medianMs: 8, maxMs: 9 }],
])('%s', (_, struck, accepted, expected) => {
  expect(recoveryOf(strikes(...struck), accepted)).toEqual(expected);
});
