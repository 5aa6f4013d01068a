import type { CampaignDocument } from '@campaign-manager/core/models';
import {
  cancelRetries,
  completeCampaign,
  endCancelledCampaign,
  hasOpenRows,
  loadCampaign,
  openConversationIds,
} from '@campaign-manager/core/store';
import type { Jobs, JobToDo } from '@campaign-manager/queues';
import { repaired } from '@campaign-manager/runtime';
import { endAll } from '../advance/advance.js';
import type { WorkerContext } from '../context.js';

/**
 * Closes a campaign: ends what is open of one that was cancelled or whose end has come, page by page, and completes one
 * with nothing open. A campaign with a message on the wire is left for the next poll.
 */
export async function close(context: WorkerContext, { payload }: JobToDo<Jobs['campaigns']['close']>): Promise<void> {
  const { store, clock } = context;
  const campaign = await loadCampaign(store, payload.campaign_id);
  if (campaign.ended_at !== null) return endStrays(context, campaign);
  const end = endOf(campaign, clock.now());
  if (end) {
    await endOpenConversations(context, campaign, end);
    await cancelRetries(store, campaign._id, clock.now());
  }
  const open = await openConversationIds(store, campaign._id, 1);
  if (open.length > 0 || (await hasOpenRows(store, campaign._id))) return;
  const ended = await markEnded(context, campaign, end);
  if (ended && payload.repair) repaired(context, 'stalled_campaign', [campaign._id], 'A campaign is closed late');
}

type End = { readonly result: 'expired' | 'cancelled'; readonly reason: string };

const EXPIRED: End = { result: 'expired', reason: 'campaign_ended' };

/** How the campaign's open conversations end now, or null while it goes on. Pure. */
export function endOf(campaign: Pick<CampaignDocument, 'status' | 'end_at'>, now: number): End | null {
  if (campaign.status === 'cancelled') return { result: 'cancelled', reason: 'campaign_cancelled' };
  if (campaign.end_at !== null && now >= campaign.end_at) return EXPIRED;
  return null;
}

/**
 * What is still open of a campaign that has ended: a worker that was at it when it ended left a row behind that waits
 * for another attempt, or conversations that it had just created.
 */
async function endStrays(context: WorkerContext, campaign: CampaignDocument): Promise<void> {
  const { store, clock } = context;
  const { _id: campaign_id } = campaign;
  const ended = await endOpenConversations(context, campaign, endOf(campaign, clock.now()) ?? EXPIRED);
  repaired(context, 'stray_conversation', ended, 'Conversations were open in a campaign that has ended', {
    campaign_id,
  });
  const cancelled = await cancelRetries(store, campaign_id, clock.now());
  if (cancelled === 0) return;
  const ids = Array.from({ length: cancelled }, () => campaign_id);
  repaired(context, 'orphaned_row', ids, 'Messages waited for another attempt in a campaign that has ended');
}

async function endOpenConversations(context: WorkerContext, campaign: CampaignDocument, end: End): Promise<string[]> {
  const ended: string[] = [];
  for (;;) {
    const ids = await openConversationIds(context.store, campaign._id, context.config.maxBatchSize);
    if (ids.length === 0) return ended;
    ended.push(...(await endAll(context, campaign, ids, end.result, end.reason)));
  }
}

/** False where somebody else was faster, or it is not complete yet. */
async function markEnded(context: WorkerContext, campaign: CampaignDocument, end: End | null): Promise<boolean> {
  const now = context.clock.now();
  if (campaign.status === 'cancelled') return (await endCancelledCampaign(context.store, campaign, now)) !== null;
  if (!campaign.conversation_states_initialized) return false;
  const result = end ? 'expired' : 'finished';
  const completed = await completeCampaign(context.store, campaign, result, now);
  if (completed) context.logger.info({ campaign_id: campaign._id, result }, 'A campaign is completed');
  return completed !== null;
}
