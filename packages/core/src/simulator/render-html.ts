import { columnChart, escapeHtml, rowChart } from './charts.js';
import { duration, percent, whole } from './figures.js';
import { periodName, periodsOf } from './periods.js';
import type { SimulationReport, StageReport } from './report.js';

const MOST_PERIODS = 60;

const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --quiet: #59636e; --line: #d1d9e0;
  --first: #1f6feb; --second: #d4760a; --good: #1a7f37; --bad: #c93c37; --neutral: #818b98; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --line: #30363d;
  --first: #4493f8; --second: #e69a3c; --good: #3fb950; --bad: #f47067; --neutral: #768390; } }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p { color: var(--quiet); margin: .25rem 0; }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.5rem 0; } dt { color: var(--quiet); font-size: .85rem; }
dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
svg text.figure { fill: var(--quiet); font-variant-numeric: tabular-nums; } svg line { stroke: var(--line); }
.first { fill: var(--first); } .second { fill: var(--second); } .good { fill: var(--good); } .bad { fill: var(--bad); }
.neutral { fill: var(--neutral); }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .4em 0 1em; } .key:first-child { margin-left: 0; }
.key.first { background: var(--first); } .key.second { background: var(--second); } .key.good { background: var(--good); }
.key.bad { background: var(--bad); } .key.neutral { background: var(--neutral); }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .8rem .3rem 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } th { color: var(--quiet); font-weight: 500; }
`;

/**
 * The report as one HTML page that needs nothing else: charts are inline SVG, there is no script, and colours follow the
 * reader's light or dark mode. Names of the template are escaped.
 */
export function renderReportHtml(report: SimulationReport): string {
  const title = `Simulation: ${escapeHtml(report.template.name)}`;
  const parts = [figures(report), funnel(report), calendar(report), completion(report), results(report)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p>Template ${escapeHtml(report.template.id)}, ${whole(report.recipients)} recipients, seed ${report.seed}</p>
${parts.join('\n')}
</body>
</html>
`;
}

function figures({ messages, responses, escalations, completion, results }: SimulationReport): string {
  const successes = results.filter(({ result }) => result === 'success').reduce((sum, { count }) => sum + count, 0);
  const entries: readonly (readonly [string, string])[] = [
    ['Success', percent(successes, completion.count)],
    ['Messages', whole(messages.total)],
    ['Follow-ups', percent(messages.follow_ups, messages.total)],
    ['Responses', whole(responses)],
    ['Escalations', whole(escalations)],
    ['Median to the end', duration(completion.median_hours)],
    ['95 of 100 within', duration(completion.p95_hours)],
  ];
  return `<dl>${entries.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>`;
}

function funnel({ stages, unreachable_stages }: SimulationReport): string {
  const bars = stages.map((s) => ({
    label: s.title,
    title: `${s.title}: ${whole(s.entered)} entered, ${whole(onward(s))} went on or succeeded, ${whole(s.failed)} failed, ${whole(lost(s))} left otherwise`,
    parts: [
      { value: onward(s), colour: 'good' },
      { value: s.failed, colour: 'bad' },
      { value: lost(s), colour: 'neutral' },
    ],
  }));
  const never = unreachable_stages.map(escapeHtml).join(', ');
  return section(
    'Funnel',
    key(['good', 'advanced or succeeded'], ['bad', 'failed'], ['neutral', 'expired or opted out']) +
      rowChart('Conversations that entered each stage, and how they left it', bars) +
      stageTable(stages) +
      (never === '' ? '' : `<p>Nobody entered: ${never}</p>`),
  );
}

function stageTable(stages: readonly StageReport[]): string {
  const columns = [
    'entered',
    'advanced',
    'completed',
    'failed',
    'expired',
    'opted_out',
    'messages',
    'follow_ups',
    'responses',
    'escalations',
  ] as const;
  const head = columns.map((name) => `<th scope="col">${name.replace('_', ' ')}</th>`).join('');
  const rows = stages.map(
    (s) => `<tr><td>${escapeHtml(s.stage)}</td>${columns.map((name) => `<td>${whole(s[name])}</td>`).join('')}</tr>`,
  );
  return `<div class="wide"><table><thead><tr><th scope="col">stage</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function calendar({ days, escalations }: SimulationReport): string {
  const periods = periodsOf(days, MOST_PERIODS);
  const perWhat = periods.some(({ from, to }) => to > from) ? 'period' : 'day';
  const messages = periods.map((period) => ({
    label: String(period.from),
    title: `${periodName(period)}: ${whole(period.messages)} messages, of which ${whole(period.follow_ups)} follow-ups`,
    parts: [
      { value: period.messages - period.follow_ups, colour: 'first' },
      { value: period.follow_ups, colour: 'second' },
    ],
  }));
  const raised = periods.map((period) => ({
    label: String(period.from),
    title: `${periodName(period)}: ${whole(period.escalations)} escalations`,
    parts: [{ value: period.escalations, colour: 'bad' }],
  }));
  const sent = section(
    `Messages per ${perWhat}`,
    key(['first', 'messages'], ['second', 'follow-ups']) +
      columnChart(`Messages per ${perWhat} after the launch`, messages) +
      '<p>Days after the launch</p>',
  );
  if (escalations === 0) return sent;
  return `${sent}\n${section(`Escalations per ${perWhat}`, `${columnChart(`Escalations per ${perWhat} after the launch`, raised)}<p>Days after the launch</p>`)}`;
}

function completion({ completion: { histogram, count } }: SimulationReport): string {
  const bars = histogram.map(({ from_hours, to_hours, count: ended }) => ({
    label: duration(from_hours),
    title: `${duration(from_hours)} to ${duration(to_hours)}: ${whole(ended)} conversations`,
    parts: [{ value: ended, colour: 'first' }],
  }));
  return section('Time to completion', columnChart(`When ${whole(count)} conversations ended`, bars));
}

function results({ results: found }: SimulationReport): string {
  const bars = found.map(({ result, reason, count }) => ({
    label: reason.replaceAll('_', ' '),
    title: `${result} (${reason}): ${whole(count)}`,
    parts: [{ value: count, colour: result === 'success' ? 'good' : result === 'failed' ? 'bad' : 'neutral' }],
  }));
  return section(
    'Results',
    key(['good', 'success'], ['bad', 'failed'], ['neutral', 'other']) +
      rowChart('Conversations by result and reason', bars),
  );
}

function section(heading: string, content: string): string {
  return `<section><h2>${heading}</h2>${content}</section>`;
}

function key(...entries: readonly (readonly [colour: string, meaning: string])[]): string {
  return `<p>${entries.map(([colour, meaning]) => `<span class="key ${colour}"></span>${meaning}`).join('')}</p>`;
}

function onward({ advanced, completed }: StageReport): number {
  return advanced + completed;
}

/** Whoever left otherwise, or is still here. */
function lost({ entered, advanced, completed, failed }: StageReport): number {
  return entered - advanced - completed - failed;
}
