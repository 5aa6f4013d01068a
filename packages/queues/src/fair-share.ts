/** What a campaign's `metadata.priority` weighs when campaigns share workers, batches or a channel. */
const WEIGHTS: ReadonlyMap<unknown, number> = new Map([
  ['high', 4],
  ['normal', 2],
  ['low', 1],
]);

/** The weight of a campaign that names no priority, or one that nobody knows. */
export const NORMAL_WEIGHT = 2;

/** A campaign's share of what several campaigns want at once, as a weight (design, section 5). Pure. */
export function weightOf(campaign: { readonly metadata?: Readonly<Record<string, unknown>> | null }): number {
  return WEIGHTS.get(campaign.metadata?.['priority']) ?? NORMAL_WEIGHT;
}

/** https://docs.bullmq.io/guide/jobs/prioritized: the least urgent priority that there is. */
const LEAST_URGENT = 2_097_152;

/**
 * The BullMQ priority of a campaign's batch that has `before` others of the same campaign before it: 1 is taken first.
 * Every campaign's first batches come before anybody's later ones, and within one priority the older comes first. A
 * campaign of twice the weight has twice as many batches of each priority. Pure.
 */
export function batchPriority(before: number, weight: number): number {
  return Math.min(LEAST_URGENT, Math.floor(Math.max(0, before) / weight) + 1);
}
