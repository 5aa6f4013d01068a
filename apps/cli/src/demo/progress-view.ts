import type { Paint } from '../screen.js';

/** What the api tells about a campaign under way, as far as it is shown. */
export interface Progress {
  readonly status: string;
  readonly conversations: number;
  readonly by_status: Readonly<Record<string, number>>;
  readonly by_result: Readonly<Record<string, number>>;
  readonly by_stage: Readonly<Record<string, number>>;
  readonly messages: { readonly by_status: Readonly<Record<string, number>>; readonly follow_ups: number };
  readonly responses: Readonly<Record<string, number>>;
}

export interface CampaignView {
  readonly name: string;
  readonly stages: readonly string[];
  readonly size: number;
  readonly progress: Progress;
}

const LABEL = 18;

/** A campaign as a block of bars: one cell for each recipient, by the stage it is in. Pure. */
export function progressBlock({ name, stages, size, progress }: CampaignView, paint: Paint): string[] {
  const { by_result, by_stage, messages, responses } = progress;
  const rows = stages.map((stage) => row(stage, by_stage[stage] ?? 0, size, 'cyan', paint));
  const results = Object.entries(by_result).map(([result, count]) => `${result} ${count}`);
  const done = row('ended', total(by_result), size, 'green', paint);
  const counts = [
    `${messages.by_status['sent'] ?? 0} sent (${messages.follow_ups} follow-ups)`,
    `${total(responses)} replies`,
    ...(messages.by_status['unknown'] ? [paint('yellow', `${messages.by_status['unknown']} unknown`)] : []),
  ];
  return [
    `${paint('bold', name)}  ${paint('dim', progress.status)}`,
    ...rows,
    `${done}  ${paint('dim', results.join(', '))}`,
    `  ${''.padEnd(LABEL)}${counts.join(', ')}`,
  ];
}

function row(label: string, count: number, size: number, colour: 'cyan' | 'green', paint: Paint): string {
  const filled = paint(colour, '█'.repeat(count));
  const empty = paint('dim', '·'.repeat(Math.max(0, size - count)));
  return `  ${label.padEnd(LABEL)}${filled}${empty} ${String(count).padStart(3)}`;
}

/** The same in one line, for logs. Pure. */
export function progressLine({ stages, progress }: CampaignView): string {
  const { by_result, by_stage, messages, responses } = progress;
  const open = stages.map((stage) => `${stage} ${by_stage[stage] ?? 0}`).join(', ');
  return `${open}, ended ${total(by_result)}; ${messages.by_status['sent'] ?? 0} sent, ${total(responses)} replies`;
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
