import { batchPriority, weightOf } from './fair-share.js';

it.each([
  ['high', 4],
  ['normal', 2],
  ['low', 1],
  ['toString', 2],
  [undefined, 2],
])('a campaign of priority %s has the weight %i', (priority, weight) => {
  expect(weightOf({ metadata: { priority } })).toBe(weight);
});

it('a campaign without metadata is a normal one', () => {
  expect([weightOf({}), weightOf({ metadata: null })]).toEqual([2, 2]);
});

it.each([
  [4, [1, 1, 1, 1, 2, 2]],
  [2, [1, 1, 2, 2, 3, 3]],
  [1, [1, 2, 3, 4, 5, 6]],
])('batches of a campaign of weight %i have the priorities %j', (weight, priorities) => {
  expect(priorities.map((_, before) => batchPriority(before, weight))).toEqual(priorities);
});

it('never leaves the range that BullMQ allows', () => {
  expect([batchPriority(-3, 2), batchPriority(1e9, 1)]).toEqual([1, 2_097_152]);
});
