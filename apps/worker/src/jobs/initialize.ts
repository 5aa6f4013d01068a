import type { CampaignDocument } from '@campaign-manager/core/models';
import {
  audiencePage,
  campaignTime,
  initializePage,
  isOver,
  loadCampaign,
  reopenClosing,
  saveInitializeCursor,
  wallTime,
} from '@campaign-manager/core/store';
import { handOut, initializeJob, type Jobs, type JobToDo, outstanding } from '@campaign-manager/queues';
import { repaired } from '@campaign-manager/runtime';
import type { WorkerContext } from '../context.js';

/** Members whose conversations are created in one job. */
const PAGE = 1000;
/** Batches of one campaign that may wait at once when it starts; the scheduler goes on from there. */
const FIRST_BATCHES = 10;

/**
 * Creates the conversations of one page of the audience and continues itself with the next. The job's id names its
 * cursor, so two schedulers that add it add one. The page can be done again: conversations that exist stay as they are.
 */
export async function initialize(context: WorkerContext, job: JobToDo<Jobs['campaigns']['initialize']>): Promise<void> {
  const { payload } = job;
  const { store, metrics, clock } = context;
  const campaign = await loadCampaign(store, payload.campaign_id);
  if (campaign.conversation_states_initialized || !wantsConversations(campaign, clock.now())) return;
  if (payload.cursor < campaign.initialize_cursor) return; // this page is done, and the next one has its own job
  const template = await context.templates.of(campaign);
  const stage = campaign.initial_stage ?? template.initial_stage;
  const enteredAt = campaign.started_at ?? campaignTime(campaign, clock.now());
  const members = await audiencePage(store, campaign._id, payload.cursor, PAGE);
  const created = await initializePage(store, members, stage, enteredAt);
  metrics.conversationsInitialized.inc({ campaign_type: campaign.type }, created);
  const last = members.at(-1)?._id ?? payload.cursor;
  const done = members.length < PAGE;
  const page = { from: payload.cursor, to: last, done, now: clock.now() };
  const moved = await saveInitializeCursor(store, campaign._id, page);
  if (moved && (payload.repair || job.redelivered)) {
    repaired(context, 'half_initialised', [campaign._id], 'An audience that was left half initialised goes on');
  }
  await reopenClosing(store, campaign._id);
  await handOutFirst(
    context,
    campaign,
    members.map(({ _id }) => _id),
    enteredAt,
  );
  if (!done) await addInitializeJob(context, campaign._id, last);
}

/** One that was paused before its audience was complete, and whose end has come, gets the rest, to end with it. Pure. */
function wantsConversations(campaign: CampaignDocument, now: number): boolean {
  return campaign.status === 'running' || (campaign.status === 'paused' && isOver(campaign, now));
}

/** Adds the job for the page behind `cursor`; one that waits already is not added twice. */
export async function addInitializeJob(context: WorkerContext, campaignId: string, cursor: string): Promise<void> {
  await context.producers
    .add('campaigns', [initializeJob(campaignId, cursor)])
    .catch((error) => context.logger.warn({ err: error }, 'Redis did not take a job; the next poll adds it'));
}

async function handOutFirst(
  context: WorkerContext,
  campaign: CampaignDocument,
  ids: readonly string[],
  enteredAt: number,
): Promise<void> {
  const { producers, config, clock } = context;
  const items = ids.map((id) => ({ id, version: 1, dueAt: wallTime(campaign, enteredAt) }));
  try {
    const waiting = await outstanding(producers, config.redisPrefix, campaign._id, FIRST_BATCHES);
    if (campaign.status !== 'running' || waiting >= FIRST_BATCHES) return;
    await handOut(producers, items, {
      campaignId: campaign._id,
      batchSize: config.maxBatchSize,
      intervalMs: config.pollingIntervalMs,
      prefix: config.redisPrefix,
      now: clock.now(),
    });
  } catch (error) {
    context.logger.warn({ err: error }, 'Redis did not take the first batches; the next poll hands them out');
  }
}
