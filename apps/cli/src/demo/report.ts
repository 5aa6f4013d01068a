import Table from 'cli-table3';
import type { Paint } from '../screen.js';
import type { Difference } from './compare.js';
import type { Figures } from './figures.js';

const WIDTH = 40;
const LABEL = 18;
const SHOWN_DIFFERENCES = 3;

/** How many came how far, as bars. Pure. */
export function funnel(name: string, stages: readonly string[], figures: Figures, paint: Paint): string[] {
  const all = Math.max(1, figures.reached[stages[0] ?? ''] ?? 1);
  const bar = (label: string, count: number, colour: 'cyan' | 'green') => {
    const cells = '█'.repeat(Math.round((count / all) * WIDTH));
    const share = `${Math.round((count / all) * 100)} %`;
    return `  ${label.padEnd(LABEL)}${paint(colour, cells.padEnd(WIDTH))} ${String(count).padStart(3)}  ${share.padStart(5)}`;
  };
  return [
    paint('bold', name),
    ...stages.map((stage) => bar(stage, figures.reached[stage] ?? 0, 'cyan')),
    bar('success', figures.completed['success'] ?? 0, 'green'),
  ];
}

export interface Column {
  readonly name: string;
  readonly actual: Figures;
  readonly predicted: Figures;
}

/** What happened beside what was predicted, for each campaign. Pure. */
export function figuresTable(columns: readonly Column[], paint: Paint): string {
  const results = [
    ...new Set(
      columns.flatMap(({ actual, predicted }) => Object.keys({ ...predicted.completed, ...actual.completed })),
    ),
  ];
  const table = new Table({
    head: ['', ...columns.flatMap(({ name }) => [name, 'predicted'])],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...columns.flatMap(() => ['right' as const, 'right' as const])],
  });
  const row = (label: string, of: (figures: Figures) => number) => {
    const cells = columns.flatMap(({ actual, predicted }) => {
      const [found, expected] = [of(actual), of(predicted)];
      return [paint(found === expected ? 'green' : 'red', String(found)), String(expected)];
    });
    table.push([label, ...cells]);
  };
  row('messages sent', ({ sent }) => sent);
  row('of them follow-ups', ({ follow_ups }) => follow_ups);
  row('replies', ({ replies }) => replies);
  row('stages advanced', ({ advanced }) => advanced);
  for (const result of results) row(`completed: ${result}`, ({ completed }) => completed[result] ?? 0);
  return table.toString();
}

/** The first few differences, prediction and life side by side. Pure. */
export function differencesTable(differences: readonly Difference[]): string {
  const table = new Table({ head: ['', 'predicted', 'happened'], style: { head: [], border: [] } });
  for (const { where, predicted, actual } of differences.slice(0, SHOWN_DIFFERENCES)) {
    table.push([where, marked(predicted, actual), marked(actual, predicted)]);
  }
  const more = differences.length - SHOWN_DIFFERENCES;
  return table.toString() + (more > 0 ? `\nand ${more} more` : '');
}

/** Lines, with a mark where the two sides first part. */
function marked(lines: readonly string[], others: readonly string[]): string {
  const from = lines.findIndex((line, i) => line !== others[i]);
  return lines.map((line, i) => (i === from ? `> ${line}` : `  ${line}`)).join('\n');
}
