import type { Paint } from '../screen.js';

/** `GET /v1/campaigns/:id/progress`, as far as it is shown. */
export interface Progress {
  readonly campaign_id: string;
  readonly status: string;
  readonly conversations: number;
  readonly by_status: Counts;
  readonly by_result: Counts;
  readonly by_stage: Counts;
  readonly messages: { readonly by_status: Counts; readonly follow_ups: number };
  readonly responses: Counts;
  readonly escalations_open: number;
}

type Counts = Readonly<Record<string, number>>;

const WIDTH = 40;

/** Bars of where the conversations stand: one for each stage, one for those that ended. Pure. */
export function statusBlock(name: string, stages: readonly string[], progress: Progress, paint: Paint): string[] {
  const { conversations, by_stage, by_status, by_result, messages, responses } = progress;
  const label = Math.max('ended'.length, ...stages.map((stage) => stage.length));
  const bar = (title: string, count: number, colour: 'cyan' | 'green') => {
    const filled = conversations === 0 ? 0 : Math.ceil((count / conversations) * WIDTH);
    const cells = paint(colour, '█'.repeat(filled)) + paint('dim', '·'.repeat(WIDTH - filled));
    return `  ${title.padEnd(label)}  ${cells} ${count}`;
  };
  const blocked = by_status['blocked'] ?? 0;
  return [
    `${paint('bold', name)}: ${progress.status}, ${conversations} conversations`,
    ...stages.map((stage) => bar(stage, by_stage[stage] ?? 0, 'cyan')),
    `${bar('ended', by_status['completed'] ?? 0, 'green')}${listed(by_result)}`,
    `  messages: ${total(messages.by_status)}, of which follow-ups ${messages.follow_ups}${listed(messages.by_status)}`,
    `  replies: ${total(responses)}${listed(responses)}`,
    ...(progress.escalations_open > 0 ? [paint('yellow', `  escalations open: ${progress.escalations_open}`)] : []),
    ...(blocked > 0 ? [paint('red', `  blocked, waiting for an operator: ${blocked}`)] : []),
  ];
}

/** Whether nothing will change any more. */
export function isOver({ status, by_status }: Progress): boolean {
  if (status === 'completed') return true;
  return status === 'cancelled' && (by_status['active'] ?? 0) + (by_status['blocked'] ?? 0) === 0;
}

function listed(counts: Counts): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? '' : `  (${parts.join(', ')})`;
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
