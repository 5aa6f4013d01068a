import { latencyOf, quantile } from './quantiles.js';

const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

it.each([
  [0.5, 50],
  [0.99, 99],
  [1, 100],
  [0, 1],
])('the share %d of 1 to 100 lies at or below %d', (share, expected) => {
  expect(quantile(hundred, share)).toBe(expected);
});

it('takes durations in any order', () => {
  expect(latencyOf([30, 10, 20])).toEqual({ p50: 20, p99: 30 });
});

it('knows nothing of nothing', () => {
  expect(latencyOf([]).p99).toBeNaN();
});
