import type { AudienceMemberDocument, CampaignDocument } from '@campaign-manager/core/models';
import {
  audiencePage,
  campaignTime,
  initializePage,
  isOver,
  loadCampaign,
  reopenClosing,
  saveInitializeCursor,
} from '@campaign-manager/core/store';
import { initializeJob, type Jobs, type JobToDo } from '@campaign-manager/queues';
import { repaired } from '@campaign-manager/runtime';
import type { WorkerContext } from '../context.js';
import { handOutFirst } from './first-batches.js';

/** Members that are read at once, and whose conversations are created before the cursor moves on. */
const PAGE = 2000;
/** Pages of one job; then other campaigns have their turn. */
const PAGES = 5;

/** A page of an audience, and the cursor behind which it begins. */
interface Page {
  readonly from: string;
  readonly members: readonly AudienceMemberDocument[];
}

/**
 * Creates the conversations of a few pages of the audience and continues itself with those behind. The job's id names
 * its cursor, so two schedulers that add it add one. A page can be done again: conversations that exist stay as they are.
 *
 * While one page is written, the next one is read and the one before is noted; the cursor never passes what is not there.
 */
export async function initialize(context: WorkerContext, job: JobToDo<Jobs['campaigns']['initialize']>): Promise<void> {
  const { payload } = job;
  const { store, clock } = context;
  let campaign = await loadCampaign(store, payload.campaign_id);
  if (campaign.conversation_states_initialized || !wantsConversations(campaign, clock.now())) return;
  if (payload.cursor < campaign.initialize_cursor) return; // this page is done, and the next one has its own job
  const template = await context.templates.of(campaign);
  const stage = campaign.initial_stage ?? template.initial_stage;
  const enteredAt = campaign.started_at ?? campaignTime(campaign, clock.now());
  const mayRepair = payload.repair === true || job.redelivered;

  let page = await readPage(context, campaign._id, payload.cursor);
  let noted: Promise<CampaignDocument> = Promise.resolve(campaign);
  for (let pages = 1; ; pages += 1) {
    const next = isLast(page) ? null : readPage(context, campaign._id, endOf(page));
    next?.catch(() => undefined); // told where it is awaited
    const [created, known] = await Promise.all([initializePage(store, page.members, stage, enteredAt), noted]);
    campaign = known;
    context.metrics.conversationsInitialized.inc({ campaign_type: campaign.type }, created);
    noted = notePage(context, campaign, page, enteredAt, mayRepair && pages === 1);
    noted.catch(() => undefined); // told where it is awaited
    if (next === null || pages === PAGES || !wantsConversations(campaign, clock.now())) break;
    page = await next;
  }
  await noted;
  if (!isLast(page)) await addInitializeJob(context, campaign._id, endOf(page));
}

async function readPage({ store }: WorkerContext, campaignId: string, from: string): Promise<Page> {
  return { from, members: await audiencePage(store, campaignId, from, PAGE) };
}

function endOf({ from, members }: Page): string {
  return members.at(-1)?._id ?? from;
}

function isLast({ members }: Page): boolean {
  return members.length < PAGE;
}

/** Notes that a page has its conversations, and hands the first of them out. Answers the campaign as it is by then. */
async function notePage(
  context: WorkerContext,
  campaign: CampaignDocument,
  page: Page,
  enteredAt: number,
  mayRepair: boolean,
): Promise<CampaignDocument> {
  const { store, clock } = context;
  const how = { from: page.from, to: endOf(page), done: isLast(page), now: clock.now() };
  const moved = await saveInitializeCursor(store, campaign._id, how);
  if (moved && mayRepair) {
    repaired(context, 'half_initialised', [campaign._id], 'An audience that was left half initialised goes on');
  }
  await reopenClosing(store, campaign._id);
  const ids = page.members.map(({ _id }) => _id);
  const [now] = await Promise.all([loadCampaign(store, campaign._id), handOutFirst(context, campaign, ids, enteredAt)]);
  return now;
}

/** One that was paused before its audience was complete, and whose end has come, gets the rest, to end with it. Pure. */
function wantsConversations(campaign: CampaignDocument, now: number): boolean {
  return campaign.status === 'running' || (campaign.status === 'paused' && isOver(campaign, now));
}

/** Adds the job for the page behind `cursor`; one that waits already is not added twice. */
async function addInitializeJob(context: WorkerContext, campaignId: string, cursor: string): Promise<void> {
  await context.producers
    .add('campaigns', [initializeJob(campaignId, cursor)])
    .catch((error) => context.logger.warn({ err: error }, 'Redis did not take a job; the next poll adds it'));
}
