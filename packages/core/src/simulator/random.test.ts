import type { DelayModel } from '../schemas/response-model.js';
import { createRandom, drawDelay, drawValue } from './random.js';

const DRAWS = 20_000;

function sorted(delay: DelayModel): readonly number[] {
  const random = createRandom(9);
  return Array.from({ length: DRAWS }, () => drawDelay(delay, random)).sort((a, b) => a - b);
}

describe('drawDelay', () => {
  // Quantiles of the distributions: -mean ln(1 - q); median exp(sigma z(q)); min + (max - min) q.
  it.each<[DelayModel, number, number]>([
    [{ distribution: 'exponential', mean_hours: 10 }, 0.5, 6.93],
    [{ distribution: 'exponential', mean_hours: 10 }, 0.9, 23.03],
    [{ distribution: 'lognormal', median_hours: 10, sigma: 1 }, 0.5, 10],
    [{ distribution: 'lognormal', median_hours: 10, sigma: 1 }, 0.8413, 27.18],
    [{ distribution: 'uniform', min_hours: 4, max_hours: 8 }, 0.25, 5],
    [{ distribution: 'fixed', hours: 3 }, 0.01, 3],
    [{ distribution: 'fixed', hours: 3 }, 0.99, 3],
  ])('of %j has its %d quantile at %d', (delay, share, expected) => {
    const found = sorted(delay)[Math.floor(share * DRAWS)] ?? Number.NaN;
    expect(found / expected).toBeCloseTo(1, 1);
  });

  it('is never negative nor infinite', () => {
    for (const random of [() => 0, () => 1 - 2 ** -32]) {
      const value = drawDelay({ distribution: 'lognormal', median_hours: 10, sigma: 5 }, random);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(value)).toBe(true);
      expect(Number.isFinite(drawDelay({ distribution: 'exponential', mean_hours: 10 }, random))).toBe(true);
    }
  });
});

describe('drawValue', () => {
  const values = [
    { value: 'never', weight: 0 },
    { value: 'seldom', weight: 1 },
    { value: 'often', weight: 4 },
  ];

  it('draws by weight', () => {
    const random = createRandom(3);
    const drawn = Array.from({ length: DRAWS }, () => drawValue(values, random));
    expect(drawn.filter((value) => value === 'often').length / DRAWS).toBeCloseTo(0.8, 1);
    expect(drawn).not.toContain('never');
  });

  it.each([0, 1 - 2 ** -32])('draws something that has a weight, at %d as well', (at) => {
    expect(['seldom', 'often']).toContain(drawValue([...values, { value: 'never', weight: 0 }], () => at));
  });
});
