import type { CampaignInput } from '../schemas/campaign.js';

/** When conversations begin and end, in milliseconds after the launch. */
export interface Schedule {
  readonly entryMs: number;
  /** Null: the campaign has no end. Negative: it was over before it was launched. */
  readonly endMs: number | null;
}

/**
 * A campaign that is launched before its `start_date` waits for it; later, everybody enters at once. Simulated time counts
 * from the launch, so that its numbers stay small and their sums exact.
 */
export function scheduleOf({ schedule = {} }: Pick<CampaignInput, 'schedule'>, launch: string): Schedule {
  const launchAt = Date.parse(launch);
  const { start_date: start, end_date: end } = schedule;
  return {
    entryMs: start === undefined ? 0 : Math.max(0, Date.parse(start) - launchAt),
    endMs: end === undefined ? null : Date.parse(end) - launchAt,
  };
}
