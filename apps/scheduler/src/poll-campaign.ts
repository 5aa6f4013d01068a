import type { CampaignDocument } from '@campaign-manager/core/models';
import type { ChannelName } from '@campaign-manager/core/schemas';
import {
  campaignTime,
  type DueConversation,
  dueRetries,
  findDue,
  hasOpenRows,
  openConversationIds,
  wallTime,
} from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { closeJob, handOut, initializeJob, outstanding, retryJob, weightOf } from '@campaign-manager/queues';
import { quotaOf } from './quota.js';

/** What one poll found; `backlog` says that a campaign had more to do than its quota let through. */
export interface PollResult {
  readonly handedOut: number;
  readonly backlog: boolean;
}

/** Conversations read at once; the scan goes on by keyset. */
const PAGE = 2000;
/** Delivery retries handed out per campaign and poll. */
const RETRIES = 1000;

const NOTHING: PollResult = { handedOut: 0, backlog: false };

/**
 * Adds the jobs that one campaign needs now. What waits for a channel that is paused stays where it is, and is found when
 * the channel is resumed.
 */
export async function pollCampaign(
  context: Ports,
  campaign: CampaignDocument,
  paused: ReadonlySet<ChannelName>,
): Promise<PollResult> {
  const now = context.clock.now();
  const over = campaign.status === 'cancelled' || (campaign.end_at !== null && campaign.end_at <= now);
  if (campaign.status === 'running' && !campaign.conversation_states_initialized)
    await addInitialize(context, campaign);
  else if (over && campaign.status !== 'scheduled') await addClose(context, campaign);
  if (campaign.status !== 'running') return NOTHING;
  const moreRetries = paused.has(campaign.channel) ? false : await addRetries(context, campaign, now);
  const result = await handOutDue(context, campaign, now);
  if (result.handedOut === 0 && campaign.conversation_states_initialized && !over) await closeIfDone(context, campaign);
  return moreRetries ? { ...result, backlog: true } : result;
}

/** Reads from the oldest due to the horizon, and hands out what nobody has handed out yet, up to the quota. */
async function handOutDue(context: Ports, campaign: CampaignDocument, now: number): Promise<PollResult> {
  const { store, producers, config } = context;
  const quota = quotaOf(campaign);
  const waiting = await outstanding(producers, config.redisPrefix, campaign._id, quota);
  let left = (quota - waiting) * config.maxBatchSize;
  const until = campaignTime(campaign, now) + config.pollingIntervalMs;
  let handedOut = 0;
  let last: DueConversation | undefined;
  while (left > 0) {
    const page = await findDue(store, campaign._id, until, PAGE, last);
    const result = await handOut(
      producers,
      page.map(({ _id, version, next_action_at }) => ({ id: _id, version, dueAt: wallTime(campaign, next_action_at) })),
      {
        campaignId: campaign._id,
        batchSize: config.maxBatchSize,
        intervalMs: config.pollingIntervalMs,
        prefix: config.redisPrefix,
        now,
        limit: left,
        weight: weightOf(campaign),
      },
    );
    context.metrics.jobsEnqueued.inc({ queue: 'conversations', name: 'advance-batch' }, result.jobIds.length);
    handedOut += result.handedOut;
    left -= result.handedOut;
    last = page.at(-1);
    if (page.length < PAGE) return { handedOut, backlog: left <= 0 };
  }
  return { handedOut, backlog: true };
}

async function addInitialize({ producers }: Ports, { _id, initialize_cursor }: CampaignDocument): Promise<void> {
  await producers.add('campaigns', [initializeJob(_id, initialize_cursor)]);
}

async function addClose({ producers }: Ports, { _id }: CampaignDocument): Promise<void> {
  await producers.add('campaigns', [closeJob(_id)]);
}

/** A campaign is done when it is initialised, no conversation is open and no ledger row is open. */
async function closeIfDone(context: Ports, campaign: CampaignDocument): Promise<void> {
  const open = await openConversationIds(context.store, campaign._id, 1);
  if (open.length === 0 && !(await hasOpenRows(context.store, campaign._id))) await addClose(context, campaign);
}

/** Whether there are more than were added. */
async function addRetries(
  { store, producers, config }: Ports,
  { _id }: CampaignDocument,
  now: number,
): Promise<boolean> {
  const due = await dueRetries(store, _id, now + config.pollingIntervalMs, RETRIES);
  await producers.add(
    'messages',
    due.map(({ _id: key, due_at: dueAt, attempt }) => retryJob({ key, attempt, dueAt }, now)),
  );
  return due.length === RETRIES && (due.at(-1)?.due_at ?? 0) <= now;
}
