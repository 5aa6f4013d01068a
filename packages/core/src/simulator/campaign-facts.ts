import type { CampaignFacts, Variables } from '../engine/types.js';
import type { CampaignInput } from '../schemas/campaign.js';
import { expandDotted } from '../schemas/dotted.js';
import type { CampaignTemplate } from '../schemas/template.js';

type Given = Pick<CampaignFacts, 'end_at' | 'missing_variables'>;

/** What the engine needs to know of a validated campaign. */
export function campaignFacts(campaign: CampaignInput, template: CampaignTemplate, given: Given): CampaignFacts {
  return {
    id: campaign._id,
    name: campaign.name,
    type: campaign.type ?? template.type,
    context: expandedContext(campaign),
    ...(campaign.initial_stage !== undefined && { initial_stage: campaign.initial_stage }),
    ...given,
  };
}

function expandedContext({ context_data = {} }: CampaignInput): Variables {
  const expanded = expandDotted(context_data);
  return expanded.ok ? expanded.value : {};
}
