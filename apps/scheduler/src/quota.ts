import type { CampaignDocument } from '@campaign-manager/core/models';

/** Batches of a campaign of normal priority that may wait or run at once. */
const BASE = 50;
const WEIGHTS = new Map<unknown, number>([
  ['high', 4],
  ['normal', 2],
  ['low', 1],
]);
const NORMAL = 2;

/**
 * How many batches of a campaign may wait at once, by `metadata.priority`: a huge campaign does not starve a small one,
 * and Redis stays small (design, section 5). Pure.
 */
export function quotaOf(campaign: Pick<CampaignDocument, 'metadata'>): number {
  const weight = WEIGHTS.get(campaign.metadata?.['priority']) ?? NORMAL;
  return (BASE * weight) / NORMAL;
}
