import type { FaultResult } from './run-fault.js';

const HEAD = [
  'fault',
  'policy',
  'injected',
  'expected',
  'accepted',
  'duplicates',
  'lost',
  'unknown',
  'recovery median',
  'recovery max',
  'verdict',
];
/** The first two and the last are words; the others are numbers, to the right. */
const isWord = (column: number) => column < 2 || column === HEAD.length - 1;

/** The results as a Markdown table, which reads well on a terminal as well. Pure. */
export function renderTable(results: readonly FaultResult[]): string {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (isWord(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (isWord(i) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(HEAD), rule, ...rows.slice(1).map(line)].join('\n');
}

function cells(result: FaultResult): string[] {
  const { fault, policy, times, expected, accepted, duplicates, unexplained, lost, unknown, medianMs, maxMs } = result;
  const explained = duplicates > 0 && unexplained === 0 ? ' (explained)' : '';
  return [
    fault,
    policy,
    ...[times, expected, accepted].map(String),
    `${duplicates}${explained}`,
    String(lost),
    String(unknown),
    seconds(medianMs),
    seconds(maxMs),
    isGood(result) ? 'holds' : 'FAILED',
  ];
}

/** Whether a result shows no duplicate without explanation, no loss and no unmet expectation. */
export function isGood({ unexplained, lost, complaints }: FaultResult): boolean {
  return unexplained === 0 && lost === 0 && complaints.length === 0;
}

function seconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1000).toFixed(2)} s`;
}
