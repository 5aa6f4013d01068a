import type { CampaignDocument } from '@campaign-manager/core/models';
import { liveCampaigns, pausedChannels, startCampaign } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { repaired } from '@campaign-manager/runtime';
import { createMemory, type Memory } from './memory.js';
import { type PollResult, pollCampaign, refillCampaign } from './poll-campaign.js';
import { sweep } from './sweep/sweep.js';

/**
 * One look at everything that is or will soon be due (design, section 5, "The horizon"). It owns no state: any number of
 * schedulers may poll at once, and whatever one of them left undone the next poll finds again. `memory` says where its
 * sweeps go on.
 */
export async function poll(context: Ports, memory: Memory = createMemory()): Promise<PollResult> {
  const [campaigns, paused] = await Promise.all([liveCampaigns(context.store), pausedChannels(context.store)]);
  let handedOut = 0;
  let backlog = false;
  for (const campaign of campaigns) {
    try {
      const result = await pollCampaign(context, await startIfDue(context, campaign), { paused, memory });
      handedOut += result.handedOut;
      backlog ||= result.backlog;
    } catch (error) {
      context.logger.error({ err: error, campaign_id: campaign._id }, 'A campaign could not be polled');
    }
  }
  forgetEnded(memory, campaigns);
  await sweep(context, campaigns, memory);
  context.logger.debug({ campaigns: campaigns.length, handed_out: handedOut, backlog }, 'A poll is done');
  return { handedOut, backlog };
}

/**
 * Between two polls: hands out more of the campaigns whose quota was used up, from where their hand-out stopped. What
 * was lost behind that place is the next poll's to find. Answers whether there is still more.
 */
export async function refill(context: Ports, memory: Memory): Promise<PollResult> {
  const [campaigns, paused] = await Promise.all([liveCampaigns(context.store), pausedChannels(context.store)]);
  forgetEnded(memory, campaigns);
  let handedOut = 0;
  for (const campaign of campaigns.filter(({ _id }) => memory.behind.has(_id))) {
    try {
      handedOut += (await refillCampaign(context, campaign, { paused, memory })).handedOut;
    } catch (error) {
      context.logger.error({ err: error, campaign_id: campaign._id }, 'A campaign could not be handed out further');
    }
  }
  return { handedOut, backlog: memory.behind.size > 0 };
}

function forgetEnded({ behind }: Memory, campaigns: readonly CampaignDocument[]): void {
  const live = new Set(campaigns.map(({ _id }) => _id));
  for (const id of behind.keys()) if (!live.has(id)) behind.delete(id);
}

async function startIfDue(context: Ports, campaign: CampaignDocument): Promise<CampaignDocument> {
  const now = context.clock.now();
  if (campaign.status !== 'scheduled' || (campaign.start_at ?? 0) > now) return campaign;
  const started = await startCampaign(context.store, campaign, now);
  if (started) context.logger.info({ campaign_id: campaign._id }, 'A scheduled campaign starts');
  if (started && now - (campaign.start_at ?? now) > 2 * context.config.pollingIntervalMs) {
    repaired(context, 'late_start', [campaign._id], 'A campaign starts late: nobody looked when its start came');
  }
  return started ?? campaign;
}
