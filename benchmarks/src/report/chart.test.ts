import { drawGrowth } from './chart.js';
import { run, seriesResult } from './results-for-tests.js';

it('draws the cost at every number of conversations stored, without a browser', () => {
  const svg = drawGrowth(seriesResult('growth', { 10000: run(1000), 1000000: run(800) }));
  expect(svg).toMatch(/^<svg /);
  for (const text of ['10,000', '1,000,000', 'MongoDB', 'CPU seconds per 1,000 steps']) expect(svg).toContain(text);
});
