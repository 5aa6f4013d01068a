import { toMongo } from '../ledger/to-mongo.js';
import { transition } from '../ledger/transition.js';
import type { CampaignDocument } from '../models/documents.js';
import { OPEN_ROW_STATUSES } from '../models/documents.js';
import { campaignTime } from './campaign-clock.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

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
  /** Open conversations that something was due of in the gap: their messages may have left. */
  readonly in_doubt: number;
}

export interface Restored {
  /** They are paused, and in doubt. */
  readonly held: readonly HeldCampaign[];
  /** Drafts may have been launched in the gap; only their owner knows. */
  readonly drafts: readonly string[];
  /** Ledger rows that were open in the backup, and are `unknown` now. */
  readonly unknown: number;
}

/**
 * Makes a restored database safe to work with: what went out in the gap is not in its ledger, and must not go out again
 * by itself. Every campaign that may have sent something in the gap is paused as of the backup, so that its time goes on
 * from there. Until that time is past the gap it is in doubt: what it decides becomes `unknown` instead of being sent,
 * for an operator to confirm, resend or abandon. Rows that were open become `unknown` at once. No app may be at work.
 */
export async function markRestored(store: Store, gap: Gap): Promise<Restored> {
  const open = await driver(store.campaigns)
    .find({ status: { $in: ['draft', 'scheduled', 'running', 'paused'] } })
    .sort({ _id: 1 })
    .toArray();
  const held: HeldCampaign[] = [];
  for (const campaign of open as CampaignDocument[]) {
    const hold = holdOf(campaign, gap);
    if (!hold) continue;
    await driver(store.campaigns).updateOne({ _id: campaign._id }, { $set: hold, $inc: { revision: 1 } });
    const in_doubt = await dueBy(store, campaign._id, hold.doubt_until);
    held.push({ _id: campaign._id, status: campaign.status, in_doubt });
  }
  return {
    held,
    drafts: open.filter(({ status }) => status === 'draft').map(({ _id }) => _id),
    unknown: await leaveOpenRows(store, gap.until),
  };
}

type Hold = Partial<CampaignDocument> & Required<Pick<CampaignDocument, 'doubt_until'>>;

/** How a campaign is held; null where it cannot have sent anything in the gap. Pure. */
export function holdOf(campaign: CampaignDocument, { takenAt, until, marginMs }: Gap): Hold | null {
  const { status, start_at } = campaign;
  const doubtFrom = (from: number) => campaignTime(campaign, from) + (until - takenAt) + marginMs;
  if (status === 'running') return { status: 'paused', paused_at: takenAt, doubt_until: doubtFrom(takenAt) };
  if (status === 'paused') return { doubt_until: doubtFrom(takenAt) };
  if (status !== 'scheduled' || (start_at ?? takenAt) > until) return null;
  const began = Math.max(start_at ?? takenAt, takenAt);
  return { status: 'paused', started_at: began, paused_at: began, doubt_until: doubtFrom(began) };
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
