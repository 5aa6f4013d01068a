import { comparePairs, median, type Pair, rateOf } from '../compare.js';
import type { CaseResult, NoResult, PairResult, Point, SeriesResult } from '../results.js';
import type { Cpu, Latency, Run } from '../run.js';
import { totalCpu } from '../usage.js';
import { markdownTable } from './markdown-table.js';

/** Every result as Markdown: a table of what has a floor, and one for each series. Pure. */
export function renderTables(results: readonly CaseResult[]): string {
  const compared = results.filter((result) => result.kind !== 'series');
  const series = results.filter((result) => result.kind === 'series');
  const missing = results.filter((result): result is NoResult => 'reason' in result);
  const parts = [
    ...(compared.length > 0 ? [pairTable(compared)] : []),
    ...missing.map(({ name, kind, reason }) => `${name} is ${kind}: ${reason}`),
    ...series.map(seriesTable),
  ];
  return parts.join('\n\n');
}

const CPU = ['ours', 'MongoDB', 'Redis'] as const;
const PAIR_HEAD = [
  'case',
  'rate /s',
  'floor /s',
  'ratio',
  'spread',
  ...CPU,
  ...CPU.map((name, i) => (i === 0 ? `floor: ${name}` : name)),
  'p50 ms',
  'p99 ms',
  'MB',
];

function pairTable(results: readonly Exclude<CaseResult, SeriesResult>[]): string {
  const rows = results.map((result) => (result.kind === 'pair' ? pairCells(result) : [result.name, result.kind]));
  return markdownTable(PAIR_HEAD, rows);
}

function pairCells({ name, pairs }: PairResult): string[] {
  const { rate, floorRate, ratio, ratioMin, ratioMax } = comparePairs(pairs);
  const runs = pairs.map(({ run }: Pair) => run);
  return [
    name,
    rate.toFixed(0),
    floorRate.toFixed(0),
    ratio.toFixed(2),
    `${ratioMin.toFixed(2)}-${ratioMax.toFixed(2)}`,
    ...cpuCells(runs),
    ...cpuCells(pairs.map(({ floor }) => floor)),
    ...latencyCells(runs),
    megabytes(medianOf(runs, ({ bytes }) => bytes)),
  ];
}

function seriesTable({ name, pointUnit, points }: SeriesResult): string {
  const extra = [...new Set(points.flatMap(({ runs }) => runs.flatMap(({ more = {} }) => Object.keys(more))))];
  const head = [`${name}: ${pointUnit}`, 'rate /s', 'to first', ...CPU, 'CPU to first', 'p50 ms', 'p99 ms', 'MB'];
  const rows = points.map((point) => [...pointCells(point, points[0] ?? point), ...extra.map(extraCell(point))]);
  return markdownTable([...head, ...extra.map(extraHead)], rows);
}

function pointCells({ at, runs }: Point, first: Point): string[] {
  return [
    at.toLocaleString('en'),
    medianOf(runs, rateOf).toFixed(0),
    (medianOf(runs, rateOf) / medianOf(first.runs, rateOf)).toFixed(2),
    ...cpuCells(runs),
    (medianOf(runs, costOf) / medianOf(first.runs, costOf)).toFixed(2),
    ...latencyCells(runs),
    megabytes(medianOf(runs, ({ bytes }) => bytes)),
  ];
}

/** CPU seconds of all processes per 1,000 units. Pure. */
export function costOf({ cpu, units }: Run): number {
  return (totalCpu(cpu) / units) * 1000;
}

/** The median of a figure over runs. Pure. */
export function medianOf(runs: readonly Run[], figure: (run: Run) => number): number {
  return median(runs.map(figure));
}

function extraHead(key: string): string {
  return key
    .replace(/_bytes/, '')
    .replace(/_/g, ' ')
    .concat(key.includes('bytes') ? ' MB' : '');
}

function extraCell({ runs }: Point): (key: string) => string {
  return (key) => {
    const value = medianOf(runs, ({ more }) => more?.[key] ?? Number.NaN);
    if (key.includes('bytes')) return (value / 1e6).toFixed(2);
    return Number.isInteger(value) ? String(value) : value.toFixed(3);
  };
}

function cpuCells(runs: readonly Run[]): string[] {
  return (['ours', 'mongodb', 'redis'] as const satisfies readonly (keyof Cpu)[]).map((whose) =>
    medianOf(runs, ({ cpu, units }) => (cpu[whose] / units) * 1000).toFixed(3),
  );
}

function latencyCells(runs: readonly Run[]): string[] {
  const timed = runs.flatMap(({ latency }): Latency[] => (latency ? [latency] : []));
  if (timed.length === 0) return ['', ''];
  return [median(timed.map(({ p50 }) => p50)).toFixed(0), median(timed.map(({ p99 }) => p99)).toFixed(0)];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
