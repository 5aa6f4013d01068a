import type { CampaignDocument } from '../models/documents.js';

type Clocked = Pick<CampaignDocument, 'paused_ms' | 'paused_at'>;

/** Wall clock to campaign time: it stands still while the campaign is paused (design, section 4, "Time"). */
export function campaignTime(campaign: Clocked, wallMs: number): number {
  return Math.min(wallMs, campaign.paused_at ?? Number.POSITIVE_INFINITY) - campaign.paused_ms;
}

/** Campaign time to wall clock, as long as the campaign is not paused again. */
export function wallTime(campaign: Clocked, campaignMs: number): number {
  return campaignMs + campaign.paused_ms;
}
