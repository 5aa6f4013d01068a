import { pairResult, run, seriesResult } from './results-for-tests.js';
import { renderTables } from './tables.js';

const cellsOf = (text: string, line: number) =>
  (text.split('\n')[line] ?? '')
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

it('shows a pair: rates, ratio with spread, CPU per 1,000 of both, delays and memory', () => {
  const text = renderTables([pairResult('step', run(500, { latency: { p50: 3.4, p99: 20 } }), run(1000))]);
  expect(cellsOf(text, 2)).toEqual([
    'step',
    '500',
    '1000',
    '0.50',
    '0.50-0.50',
    '2.000',
    '1.000',
    '0.200',
    '1.000',
    '0.500',
    '0.100',
    '3',
    '20',
    '100',
  ]);
});

it('says why a case is missing, in the table and below', () => {
  const text = renderTables([{ kind: 'skipped', name: 'mail', unit: 'mails', what: '', reason: 'no smtp-sink' }]);
  expect(cellsOf(text, 2).slice(0, 3)).toEqual(['mail', 'skipped', '']);
  expect(text.split('\n').at(-1)).toBe('mail is skipped: no smtp-sink');
});

it('compares the points of a series with the first, and shows their own figures', () => {
  const points = { 10000: run(1000), 1000000: run(800, { more: { redis_bytes: 2.5e6, most_at_once: 7 } }) };
  const text = renderTables([seriesResult('growth', points)]);
  expect(cellsOf(text, 0).slice(-2)).toEqual(['redis MB', 'most at once']);
  expect(cellsOf(text, 3)).toEqual([
    '1,000,000',
    '800',
    '0.80',
    '1.250',
    '0.625',
    '0.125',
    '1.25',
    '',
    '',
    '100',
    '2.50',
    '7',
  ]);
});
