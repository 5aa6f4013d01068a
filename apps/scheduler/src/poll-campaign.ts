import type { CampaignDocument } from '@campaign-manager/core/models';
import type { ChannelName } from '@campaign-manager/core/schemas';
import {
  campaignTime,
  type DueConversation,
  dueRetries,
  findDue,
  hasOpenRows,
  isOver,
  makeDue,
  openConversationIds,
  untimedConversations,
  wallTime,
} from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { closeJob, handOut, initializeJob, outstanding, retryJob, weightOf } from '@campaign-manager/queues';
import { repaired } from '@campaign-manager/runtime';
import { isClosedLate, isHalfInitialized, isLate } from './late.js';
import type { Memory, Position } from './memory.js';
import { quotaOf } from './quota.js';

/** What one poll found; `backlog` says that a campaign had more to do than its quota let through. */
export interface PollResult {
  readonly handedOut: number;
  readonly backlog: boolean;
}

/** What one poll knows beside the campaign. */
export interface PollView {
  readonly paused: ReadonlySet<ChannelName>;
  readonly memory: Memory;
}

/** Conversations read at once; the scan goes on by keyset. */
const PAGE = 2000;
/** Delivery retries handed out per campaign and poll. */
const RETRIES = 1000;
/** Conversations without a time that are mended per campaign and poll. */
const UNTIMED = 100;

const NOTHING: PollResult = { handedOut: 0, backlog: false };

/**
 * Adds the jobs that one campaign needs now. What waits for a channel that is paused stays where it is, and is found when
 * the channel is resumed.
 */
export async function pollCampaign(context: Ports, campaign: CampaignDocument, view: PollView): Promise<PollResult> {
  const now = context.clock.now();
  const over = isOver(campaign, now);
  if (needsConversations(campaign, now)) await addInitialize(context, campaign, now);
  else if (over && campaign.status !== 'scheduled') await addClose(context, campaign, now);
  if (campaign.status !== 'running') return NOTHING;
  await timeUntimed(context, campaign);
  const wasBehind = view.memory.behind.has(campaign._id);
  const { late, ...result } = await handOutFrom(context, campaign, view, null);
  if (!wasBehind) tellOfLate(context, campaign, late);
  if (result.handedOut === 0 && campaign.conversation_states_initialized && !over) await closeIfDone(context, campaign);
  return result;
}

/** Hands out more of a campaign whose quota was used up, from where its hand-out stopped. */
export async function refillCampaign(context: Ports, campaign: CampaignDocument, view: PollView): Promise<PollResult> {
  const { behind } = view.memory;
  if (campaign.status !== 'running') {
    behind.delete(campaign._id);
    return NOTHING;
  }
  const { late, ...result } = await handOutFrom(context, campaign, view, behind.get(campaign._id) ?? null);
  return result;
}

/** Hands out retries and conversations, from `from` on, and remembers where to go on. */
async function handOutFrom(
  context: Ports,
  campaign: CampaignDocument,
  { paused, memory: { behind } }: PollView,
  from: Position,
): Promise<Omit<Handed, 'end'>> {
  const now = context.clock.now();
  const moreRetries = paused.has(campaign.channel) ? false : await addRetries(context, campaign, now);
  const { end, ...handed } = await handOutUpToQuota(context, campaign, now, from);
  const backlog = handed.backlog || moreRetries;
  if (backlog) behind.set(campaign._id, end);
  else behind.delete(campaign._id);
  return { ...handed, backlog };
}

/** One that was paused before it was initialised, and whose end has come, is initialised and then ended. Pure. */
function needsConversations(campaign: CampaignDocument, now: number): boolean {
  if (campaign.conversation_states_initialized) return false;
  return campaign.status === 'running' || (campaign.status === 'paused' && isOver(campaign, now));
}

/** What was due long ago although nothing was held back by the quota has been lost on its way, and is counted. */
function tellOfLate(context: Ports, { _id }: CampaignDocument, late: readonly string[]): void {
  const more = { campaign_id: _id };
  repaired(context, 'late_conversation', late, 'Conversations were due for long and nobody had them', more);
}

interface Handed extends PollResult {
  /** Whom nobody had for long; nobody where the quota holds some back. */
  readonly late: readonly string[];
  /** Whom it looked at last. */
  readonly end: Position;
}

/** Reads from `from` (null: the oldest due) to the horizon, and hands out what nobody has handed out yet, up to the quota. */
async function handOutUpToQuota(
  context: Ports,
  campaign: CampaignDocument,
  now: number,
  from: Position,
): Promise<Handed> {
  const { store, producers, config } = context;
  const late: string[] = [];
  const quota = quotaOf(campaign);
  const waiting = await outstanding(producers, config.redisPrefix, campaign._id, quota);
  let left = (quota - waiting) * config.maxBatchSize;
  const until = campaignTime(campaign, now) + config.pollingIntervalMs;
  let handedOut = 0;
  let end = from;
  while (left > 0) {
    const page = await findDue(store, campaign._id, until, PAGE, end ?? undefined);
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
    const { _id: campaign_id } = campaign;
    const figures = { campaign_id, found: page.length, handed_out: result.handedOut, waiting_jobs: waiting };
    context.logger.debug(figures, 'Conversations that are or will soon be due were looked at');
    const handed = page.filter(inSet(result.ids));
    late.push(...handed.filter((one) => isLate(campaign, one, now, config.pollingIntervalMs)).map(({ _id }) => _id));
    handedOut += result.handedOut;
    left -= result.handedOut;
    end = (left > 0 ? page : handed).at(-1) ?? end;
    if (page.length < PAGE && left > 0) return { handedOut, backlog: false, late, end };
  }
  return { handedOut, backlog: true, late: [], end };
}

function inSet(ids: readonly string[]): (document: DueConversation) => boolean {
  const known = new Set(ids);
  return ({ _id }) => known.has(_id);
}

async function addInitialize({ producers, config }: Ports, campaign: CampaignDocument, now: number): Promise<void> {
  const lost = isHalfInitialized(campaign, now, config.pollingIntervalMs);
  await producers.add('campaigns', [initializeJob(campaign._id, campaign.initialize_cursor, lost)]);
}

async function addClose({ producers, config }: Ports, campaign: CampaignDocument, now: number): Promise<void> {
  const lost = isOver(campaign, now) && isClosedLate(campaign, now, config.pollingIntervalMs);
  await producers.add('campaigns', [closeJob(campaign._id, lost)]);
}

/** Conversations that no look at what is due would ever find. */
async function timeUntimed(context: Ports, campaign: CampaignDocument): Promise<void> {
  const timed: string[] = [];
  for (const id of await untimedConversations(context.store, campaign._id, UNTIMED)) {
    if (await makeDue(context.store, id)) timed.push(id);
  }
  repaired(context, 'untimed_conversation', timed, 'Conversations had no time at which to look at them again');
}

/** A campaign is done when it is initialised, no conversation is open and no ledger row is open. */
async function closeIfDone(context: Ports, campaign: CampaignDocument): Promise<void> {
  const open = await openConversationIds(context.store, campaign._id, 1);
  if (open.length === 0 && !(await hasOpenRows(context.store, campaign._id)))
    await addClose(context, campaign, context.clock.now());
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
