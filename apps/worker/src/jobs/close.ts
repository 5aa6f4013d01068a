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
import { endAll } from '../advance/advance.js';
import type { WorkerContext } from '../context.js';

/**
 * Closes a campaign: ends what is open of one that was cancelled or whose end has come, page by page, and completes one
 * with nothing open. A campaign with a message on the wire is left for the next poll.
 */
export async function close(context: WorkerContext, { payload }: JobToDo<Jobs['campaigns']['close']>): Promise<void> {
  const { store, clock } = context;
  const campaign = await loadCampaign(store, payload.campaign_id);
  if (campaign.ended_at !== null) return;
  const end = endOf(campaign, clock.now());
  if (end) {
    await endOpenConversations(context, campaign, end);
    await cancelRetries(store, campaign._id, clock.now());
  }
  const open = await openConversationIds(store, campaign._id, 1);
  if (open.length > 0 || (await hasOpenRows(store, campaign._id))) return;
  await markEnded(context, campaign, end);
}

type End = { readonly result: 'expired' | 'cancelled'; readonly reason: string };

/** How the campaign's open conversations end now, or null while it goes on. Pure. */
export function endOf(campaign: Pick<CampaignDocument, 'status' | 'end_at'>, now: number): End | null {
  if (campaign.status === 'cancelled') return { result: 'cancelled', reason: 'campaign_cancelled' };
  if (campaign.end_at !== null && now >= campaign.end_at) return { result: 'expired', reason: 'campaign_ended' };
  return null;
}

async function endOpenConversations(context: WorkerContext, campaign: CampaignDocument, end: End): Promise<void> {
  for (;;) {
    const ids = await openConversationIds(context.store, campaign._id, context.config.maxBatchSize);
    if (ids.length === 0) return;
    await endAll(context, campaign, ids, end.result, end.reason);
  }
}

async function markEnded(context: WorkerContext, campaign: CampaignDocument, end: End | null): Promise<void> {
  const now = context.clock.now();
  if (campaign.status === 'cancelled') {
    await endCancelledCampaign(context.store, campaign, now);
  } else if (campaign.conversation_states_initialized) {
    const result = end ? 'expired' : 'finished';
    const completed = await completeCampaign(context.store, campaign, result, now);
    if (completed) context.logger.info({ campaign_id: campaign._id, result }, 'A campaign is completed');
  }
}
