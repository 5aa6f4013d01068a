import { createDistribution } from './distribution.js';
import { createRandom } from './random.js';

function of(values: readonly number[]) {
  const distribution = createDistribution();
  for (const value of values) distribution.add(value);
  return distribution;
}

describe('createDistribution', () => {
  it('has no quantile while it is empty', () => {
    expect(of([]).quantile(0.5)).toBeNull();
    expect(of([]).histogram(10)).toEqual([]);
  });

  it('is exact where many share a moment', () => {
    expect(of([...Array(90).fill(168.1), ...Array(10).fill(504.3)]).quantile(0.5)).toBeCloseTo(168.1, 9);
    expect(of([...Array(90).fill(168.1), ...Array(10).fill(504.3)]).quantile(0.95)).toBeCloseTo(504.3, 9);
  });

  it.each([400, 5000, 100_000])('comes close to the true quantiles of times up to %d hours', (most) => {
    const random = createRandom(1);
    const values = Array.from({ length: 5000 }, () => random() * most).sort((a, b) => a - b);
    const distribution = of(values);
    for (const share of [0.05, 0.5, 0.95, 1]) {
      const exact = values[Math.ceil(share * values.length) - 1] ?? Number.NaN;
      expect(Math.abs((distribution.quantile(share) ?? Number.NaN) - exact)).toBeLessThanOrEqual(
        Math.max(0.25, most / 1024),
      );
    }
  });

  it.each([
    [[0, 1, 1.5, 30], 40, 1],
    [[0, 90], 40, 4],
    [[0, 5000], 40, 168],
    [[0, 1_000_000], 40, 25_032],
  ])('groups %j into at most %d bars of a round width', (values, bars, width) => {
    const histogram = of(values).histogram(bars);
    expect(histogram.length).toBeLessThanOrEqual(bars + 1);
    expect(histogram[0]).toMatchObject({ from_hours: 0, to_hours: width });
    expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
  });
});
