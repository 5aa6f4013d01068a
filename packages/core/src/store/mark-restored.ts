import { toMongo } from '../ledger/to-mongo.js';
import { transition } from '../ledger/transition.js';
import type { CampaignDocument } from '../models/documents.js';
import { OPEN_ROW_STATUSES } from '../models/documents.js';
import { campaignTime } from './campaign-clock.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { dropParentless, routeAgain } from './mend-restored.js';

/** What was lost between a backup and its restoration. Wall clock. */
export interface Gap {
  /** When the backup was begun. */
  readonly takenAt: number;
  /** The lost database may have been worked with until then. */
  readonly until: number;
  /** How much later than it was before something may be done again: added to the end of the doubt. */
  readonly marginMs: number;
}

export interface HeldCampaign {
  readonly _id: string;
  /** As the backup has it. */
  readonly status: CampaignDocument['status'];
  /** What it is now: a draft where it was to start after the gap, so that nothing of it can have left. */
  readonly held_as: 'paused' | 'draft';
  /** Open conversations that something was due of in the gap: their messages may have left. */
  readonly in_doubt: number;
}

export interface Restored {
  /** They wait for an operator; those that are paused are in doubt. */
  readonly held: readonly HeldCampaign[];
  /** Drafts may have been launched in the gap; only their owner knows. */
  readonly drafts: readonly string[];
  /** Ledger rows that were open in the backup, and are `unknown` now. */
  readonly unknown: number;
  /** Replies of the time of the backup and later: they are routed again, for their conversations may not know them. */
  readonly replies: number;
  /** Campaigns that were created while the backup ran: what it has of them was dropped, but for the ledger. */
  readonly dropped: readonly string[];
}

/**
 * Makes a restored database safe to work with: what went out in the gap is not in its ledger, and must not go out again
 * by itself. Every campaign that may have sent something in the gap is paused as of the backup, so that its time goes on
 * from there. What it decides for the time of the gap, however late, becomes `unknown` instead of being sent, for an
 * operator to confirm, resend or abandon. One that starts later is a draft again: whether it is to start, and for whom, may
 * have changed. Rows that were open become `unknown` at once. Batches of workers that are gone are forgotten: effects
 * without a row are found by the sweep, and are in doubt. No app may be at work. May be done again.
 */
export async function markRestored(store: Store, gap: Gap): Promise<Restored> {
  const dropped = await dropParentless(store);
  await driver(store.openBatches).deleteMany({});
  const open = await driver(store.campaigns)
    .find({ status: { $in: ['draft', 'scheduled', 'running', 'paused'] } })
    .sort({ _id: 1 })
    .toArray();
  const held: HeldCampaign[] = [];
  for (const campaign of open as CampaignDocument[]) {
    const hold = holdOf(campaign, gap);
    if (!hold) continue;
    await driver(store.campaigns).updateOne({ _id: campaign._id }, { $set: hold, $inc: { revision: 1 } });
    const { doubt_until } = hold;
    const in_doubt = doubt_until === undefined ? 0 : await dueBy(store, campaign._id, doubt_until);
    const held_as = doubt_until === undefined ? 'draft' : 'paused';
    held.push({ _id: campaign._id, status: campaign.status, held_as, in_doubt });
  }
  return {
    held,
    drafts: open.filter(({ status }) => status === 'draft').map(({ _id }) => _id),
    unknown: await leaveOpenRows(store, gap.until),
    replies: await routeAgain(store, gap.takenAt - gap.marginMs),
    dropped,
  };
}

/** How a campaign is held; null where nothing of it goes on by itself. Pure. */
export function holdOf(campaign: CampaignDocument, gap: Gap): Partial<CampaignDocument> | null {
  const { status, start_at } = campaign;
  const { takenAt, until, marginMs } = gap;
  const doubtFrom = (from: number) => ({
    // Where it was restored before, it may not be past that gap yet.
    doubt_until: Math.max(campaign.doubt_until ?? 0, campaignTime(campaign, from) + (until - takenAt) + marginMs),
    restored_at: until,
  });
  if (status === 'running') return { status: 'paused', paused_at: takenAt, ...doubtFrom(takenAt) };
  if (status === 'paused') return doubtFrom(takenAt);
  if (status !== 'scheduled') return null;
  if ((start_at ?? takenAt) > until) return { status: 'draft', template_version: null, delay_factor: null };
  const began = Math.max(start_at ?? takenAt, takenAt);
  return { status: 'paused', started_at: began, paused_at: began, ...doubtFrom(began) };
}

function dueBy(store: Store, campaignId: string, until: number): Promise<number> {
  return driver(store.conversations).countDocuments({
    campaign_id: campaignId,
    status: { $in: ['active', 'blocked'] },
    next_action_at: { $lte: until },
  } as never);
}

async function leaveOpenRows(store: Store, now: number): Promise<number> {
  const { update } = toMongo(transition({ kind: 'restored', now }));
  const rows = { status: { $in: [...OPEN_ROW_STATUSES] }, due_at: { $gte: 0 } };
  return (await driver(store.messages).updateMany(rows as never, update as never)).modifiedCount;
}

/** Whether something that was decided at `decidedAt`, in campaign time, may have gone out in the gap. Pure. */
export function isInGap({ doubt_until }: Pick<CampaignDocument, 'doubt_until'>, decidedAt: number): boolean {
  return doubt_until !== undefined && decidedAt <= doubt_until;
}
