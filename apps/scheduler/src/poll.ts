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
      const started = await startIfDue(context, campaign);
      const result = await pollCampaign(context, started, { paused, memory });
      noteSeen(memory, started);
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

/** Whether a campaign began, or goes on after a pause, since the last poll looked: one small read. */
export async function hasUnseen({ store }: Ports, { seen }: Memory): Promise<boolean> {
  return (await liveCampaigns(store)).some((campaign) => isUnseen(campaign, seen));
}

/**
 * Between two polls: hands out more of the campaigns whose quota was used up, from where their hand-out stopped, and of
 * those that no poll has seen, from their beginning. What was lost behind that place is the next poll's to find. Answers
 * whether there is still more.
 */
export async function refill(context: Ports, memory: Memory): Promise<PollResult> {
  const [campaigns, paused] = await Promise.all([liveCampaigns(context.store), pausedChannels(context.store)]);
  forgetEnded(memory, campaigns);
  let handedOut = 0;
  const waiting = campaigns.filter((one) => memory.behind.has(one._id) || isUnseen(one, memory.seen));
  for (const campaign of waiting) {
    try {
      handedOut += (await refillCampaign(context, campaign, { paused, memory })).handedOut;
    } catch (error) {
      context.logger.error({ err: error, campaign_id: campaign._id }, 'A campaign could not be handed out further');
    }
  }
  return { handedOut, backlog: memory.behind.size > 0 };
}

function isUnseen({ _id, status }: CampaignDocument, seen: ReadonlySet<string>): boolean {
  return status === 'running' && !seen.has(_id);
}

/** One that is not complete yet gets further conversations after this look at it. */
function noteSeen({ seen }: Memory, { _id, status, conversation_states_initialized }: CampaignDocument): void {
  if (status === 'running' && conversation_states_initialized) seen.add(_id);
  else seen.delete(_id);
}

function forgetEnded({ behind, seen }: Memory, campaigns: readonly CampaignDocument[]): void {
  const live = new Set(campaigns.map(({ _id }) => _id));
  for (const id of behind.keys()) if (!live.has(id)) behind.delete(id);
  for (const id of seen) if (!live.has(id)) seen.delete(id);
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
