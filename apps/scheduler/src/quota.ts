import type { CampaignDocument } from '@campaign-manager/core/models';
import { NORMAL_WEIGHT, weightOf } from '@campaign-manager/queues';

/** Batches of a campaign of normal priority that may wait or run at once. */
const BASE = 50;

/**
 * How many batches of a campaign may wait at once, by `metadata.priority`: a huge campaign does not starve a small one,
 * and Redis stays small (design, section 5). Pure.
 */
export function quotaOf(campaign: Pick<CampaignDocument, 'metadata'>): number {
  return (BASE * weightOf(campaign)) / NORMAL_WEIGHT;
}
