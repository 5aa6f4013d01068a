import { duration, percent, whole } from './figures.js';
import { periodName, periodsOf } from './periods.js';
import type { SimulationReport } from './report.js';

const MOST_PERIODS = 42;

type Row = readonly string[];

/** The report as tables for a terminal, without colours. Ends with a line break. */
export function renderReportText(report: SimulationReport): string {
  const sections = [summary(report), funnel(report), results(report), calendar(report), unreachable(report)];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function summary({ template, recipients, seed, messages, responses, escalations, completion }: SimulationReport): Row {
  return [
    `${template.name} (${template.id}): ${whole(recipients)} recipients, seed ${seed}`,
    `messages     ${whole(messages.total)}, of which follow-ups ${percent(messages.follow_ups, messages.total)}`,
    `responses    ${whole(responses)}`,
    `escalations  ${whole(escalations)}`,
    `completion   median ${duration(completion.median_hours)}, 95 of 100 within ${duration(completion.p95_hours)}`,
  ];
}

function funnel({ stages }: SimulationReport): Row {
  const rows = stages.map((s) => [
    s.stage,
    ...[s.entered, s.advanced, s.completed, s.failed, s.expired, s.opted_out, s.messages, s.responses].map(whole),
    percent(s.responses, s.messages),
  ]);
  return table(
    [
      'stage',
      'entered',
      'advanced',
      'completed',
      'failed',
      'expired',
      'opted out',
      'messages',
      'responses',
      'per message',
    ],
    rows,
  );
}

function results({ results: found, recipients }: SimulationReport): Row {
  return table(
    ['result', 'reason', 'count', 'share'],
    found.map(({ result, reason, count }) => [result, reason, whole(count), percent(count, recipients)]),
    2,
  );
}

function calendar({ days }: SimulationReport): Row {
  return table(
    ['time', 'messages', 'follow-ups', 'responses', 'escalations', 'completed'],
    periodsOf(days, MOST_PERIODS).map((period) => [
      periodName(period),
      ...[period.messages, period.follow_ups, period.responses, period.escalations, period.completed].map(whole),
    ]),
  );
}

function unreachable({ unreachable_stages: stages }: SimulationReport): Row {
  return stages.length === 0 ? [] : [`Nobody entered: ${stages.join(', ')}`];
}

/** Columns as wide as needed: the first `words` to the left, figures to the right. Nothing for no rows. */
function table(header: Row, rows: readonly Row[], words = 1): Row {
  if (rows.length === 0) return [];
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const lines = all.map((row) =>
    row
      .map((cell, i) => (i < words ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1));
  return [lines[0] ?? '', rule, ...lines.slice(1)];
}
