import { type Comparison, comparePairs, median, type Pair } from './compare.js';
import type { Case, Cpu, Run } from './run.js';

export interface CaseResult {
  readonly case: Pick<Case, 'name' | 'unit' | 'what' | 'floorWhat'>;
  readonly size: number;
  readonly pairs: readonly Pair[];
}

const HEAD = [
  'case',
  'rate /s',
  'floor /s',
  'ratio',
  'spread',
  'ours',
  'MongoDB',
  'Redis',
  'floor: ours',
  'MongoDB',
  'Redis',
  'MB',
];

/** The results as a Markdown table; CPU in seconds per 1,000 units. Pure. */
export function renderTable(results: readonly CaseResult[]): string {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => `${'-'.repeat(width - 1)}:`).join(' | ')} |`;
  return [line(HEAD), rule, ...rows.slice(1).map(line)].join('\n');
}

function cells({ case: { name }, pairs }: CaseResult): string[] {
  const { rate, floorRate, ratio, ratioMin, ratioMax }: Comparison = comparePairs(pairs);
  return [
    name,
    rate.toFixed(0),
    floorRate.toFixed(0),
    ratio.toFixed(2),
    `${ratioMin.toFixed(2)}-${ratioMax.toFixed(2)}`,
    ...cpu(pairs.map(({ run }) => run)),
    ...cpu(pairs.map(({ floor }) => floor)),
    (median(pairs.map(({ run }) => run.bytes)) / 1e6).toFixed(0),
  ];
}

function cpu(runs: readonly Run[]): string[] {
  return (['ours', 'mongodb', 'redis'] as const satisfies readonly (keyof Cpu)[]).map((whose) =>
    median(runs.map(({ cpu: used, units }) => (used[whose] / units) * 1000)).toFixed(3),
  );
}
