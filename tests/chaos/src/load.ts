import type { CampaignTemplate, DeliveryPolicy } from '@campaign-manager/core/schemas';

/** A campaign that the suite runs while it injects faults. Everything that must leave follows from these numbers. */
export interface Load {
  readonly campaign: string;
  readonly policy: DeliveryPolicy;
  readonly recipients: number;
  /** Even stages ask (a message and follow-ups until somebody replies), odd ones tell (two messages). */
  readonly stages: number;
  /** Follow-ups of a stage that asks. */
  readonly followUps: number;
  /** Between two messages of one conversation. */
  readonly gapSeconds: number;
  /** Every n-th recipient replies to the first message of each stage that asks; 0: nobody. */
  readonly replyEvery: number;
  /** In a stage that asks, a human is told of those who have not replied after this time. Default: nobody is. */
  readonly escalateAfterSeconds?: number;
}

/** With this delay factor an hour of a template takes a second. */
export const ONE_SECOND_AN_HOUR = '0.0002777777777777778';

const NEVER_HOURS = 100_000;

export function recipientIds({ campaign, recipients }: Load): string[] {
  return Array.from({ length: recipients }, (_, i) => `${campaign}-p${i}`);
}

/** The other way round: the number of a recipient, from its id. */
export function recipientIndex(id: string): number {
  return Number(/-p(\d+)$/.exec(id)?.[1]);
}

/** Whether this recipient replies. */
export function replies(load: Load, index: number): boolean {
  return load.replyEvery > 0 && index % load.replyEvery === 0;
}

export function stageName(stage: number): string {
  return `s${stage}`;
}

export function asks(stage: number): boolean {
  return stage % 2 === 0;
}

/** The template that the load's campaign follows. */
export function templateOf(load: Load): CampaignTemplate {
  const stages = Array.from({ length: load.stages }, (_, i) => [stageName(i), asks(i) ? asking(load) : telling(load)]);
  return { _id: `${load.campaign}-template`, name: load.campaign, type: 'chaos', stages: Object.fromEntries(stages) };
}

function asking({ followUps, gapSeconds, escalateAfterSeconds }: Load): CampaignTemplate['stages'][string] {
  return {
    messages: [
      {
        template: 'Hello {{recipient.first_name}}, will you come?',
        timing: { max_follow_ups: followUps, follow_up_delay_hours: gapSeconds },
      },
    ],
    progression_rules: {
      response_required: true,
      max_follow_ups: followUps,
      max_stage_duration_hours: NEVER_HOURS,
      auto_advance_after_max_duration: true,
      ...(escalateAfterSeconds !== undefined && {
        escalation_after_hours: escalateAfterSeconds,
        escalation_action: 'notify_manager',
      }),
    },
  };
}

function telling({ gapSeconds }: Load): CampaignTemplate['stages'][string] {
  return {
    messages: [
      { template: 'News for {{recipient.first_name}}.' },
      { template: 'More news for {{recipient.first_name}}.', timing: { delay_hours: gapSeconds } },
    ],
    progression_rules: { response_required: false, max_stage_duration_hours: NEVER_HOURS },
  };
}
