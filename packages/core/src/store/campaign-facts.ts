import type { CampaignFacts } from '../engine/types.js';
import type { CampaignDocument } from '../models/documents.js';
import { expandDotted } from '../schemas/dotted.js';

/** What the engine needs of a stored campaign; its end in campaign time. */
export function campaignFacts(campaign: CampaignDocument): CampaignFacts {
  const context = expandDotted(campaign.context_data ?? {});
  return {
    id: campaign._id,
    name: campaign.name,
    type: campaign.type,
    context: context.ok ? context.value : {},
    ...(campaign.initial_stage !== undefined && { initial_stage: campaign.initial_stage }),
    end_at: campaign.end_at === null ? null : campaign.end_at - campaign.paused_ms,
    missing_variables: campaign.missing_variables,
  };
}
