import type { CaseResult } from '../results.js';
import { pairResult, run, seriesResult } from './results-for-tests.js';
import { judge, renderVerdicts } from './targets.js';

/** The verdicts whose targets begin so. */
const about = (start: string, ...results: CaseResult[]) =>
  judge(results)
    .filter(({ target }) => target.startsWith(start))
    .map(({ met, figure }) => [met, figure]);

const costing = (ours: number) =>
  run(1000, { cpu: { ours, mongodb: 0, redis: 0 }, more: { redis_bytes: ours * 10e6 } });
const documents = { documents: { messages: 700 } };

describe('a target', () => {
  it('is a ratio to the floor', () => {
    expect(about('step: at least 0.6', pairResult('step', run(600), run(1000)))).toEqual([[true, '0.60']]);
    expect(about('init', pairResult('init', run(699), run(1000)))[0]).toEqual([false, '0.70']);
  });

  it('is a rate of mails, whatever the floor does', () => {
    expect(about('mail: at least 2750', pairResult('mail', run(3000), run(9000)))).toEqual([[true, '3000 a second']]);
  });

  it('is eight times the naive way', () => {
    expect(about('step: at least 8', pairResult('naive', run(700), run(100)))).toEqual([[false, '7.00']]);
  });

  it('compares what the most costs with what the fewest cost', () => {
    const growth = seriesResult('growth', { 10000: costing(1), 100000: costing(9), 1000000: costing(1.1) });
    expect(about('growth', growth)).toEqual([
      [true, '1.10 (1,000,000 to 10,000)'],
      [true, '1.00 MB (1,000,000 to 10,000)'],
    ]);
    expect(about('growth', seriesResult('growth', { 1: costing(1), 2: costing(2.5) }))).toEqual([
      [false, '2.50 (2 to 1)'],
      [false, '15.00 MB (2 to 1)'],
    ]);
  });

  it('is a peak of memory', () => {
    const memory = seriesResult('memory', { 500: run(1, { bytes: 301e6, more: { most_at_once: 500 } }) });
    expect(about('memory', memory)).toEqual([[false, '301 MB at its peak, 500 mails at the server at once']]);
  });

  it('is a delay', () => {
    const latency = seriesResult('latency', { 50: run(1000, { latency: { p50: 300, p99: 2000 } }) });
    expect(about('latency', latency)).toEqual([[true, '2000 ms at 1000 a second']]);
  });

  it('is a floor that writes as much as we do', () => {
    const equal = pairResult('step', run(1, documents), run(1, { documents: { messages: 730 } }));
    const smaller = pairResult('step', run(1, documents), run(1, { documents: { messages: 660 } }));
    const none = pairResult('step', run(1, documents), run(1));
    expect([equal, smaller, none].map((one) => about('step: the floor', one)[0]?.[0])).toEqual([true, false, false]);
  });

  it('is open where nothing was measured', () => {
    const skipped = { kind: 'skipped', name: 'mail', unit: '', what: '', reason: 'no sink' } as const;
    expect(about('mail', skipped)).toEqual([
      [null, 'not measured'],
      [null, 'not measured'],
    ]);
  });
});

it('says met, not met or open', () => {
  const verdicts = [true, false, null].map((met) => ({ target: 'a', met, figure: '1' }));
  expect(renderVerdicts(verdicts)).toBe('- met: a: 1\n- NOT MET: a: 1\n- open: a: 1');
});
