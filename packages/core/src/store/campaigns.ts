import type { CampaignDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { ConflictError, isDuplicateKey, NotFoundError } from './errors.js';

/** @throws ConflictError where the id is taken. */
export async function insertCampaign(store: Store, campaign: CampaignDocument): Promise<void> {
  try {
    await driver(store.campaigns).insertOne(campaign);
  } catch (error) {
    if (isDuplicateKey(error)) throw new ConflictError(`A campaign '${campaign._id}' exists already.`);
    throw error;
  }
}

/** @throws NotFoundError */
export async function loadCampaign(store: Store, id: string): Promise<CampaignDocument> {
  const campaign = await driver(store.campaigns).findOne({ _id: id });
  if (!campaign) throw new NotFoundError('campaign', id);
  return campaign;
}

export function listCampaigns(store: Store, after: string, limit: number): Promise<CampaignDocument[]> {
  return driver(store.campaigns)
    .find({ _id: { $gt: after } })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray() as Promise<CampaignDocument[]>;
}

/** Campaigns that need the scheduler: those that run or will, and cancelled ones that are not closed yet. */
export function liveCampaigns(store: Store): Promise<CampaignDocument[]> {
  return driver(store.campaigns)
    .find({ status: { $in: ['scheduled', 'running', 'paused', 'cancelled'] }, ended_at: null })
    .sort({ _id: 1 })
    .toArray() as Promise<CampaignDocument[]>;
}

/**
 * Changes a campaign if it still is as it was seen (compare-and-set on `revision`), and counts the revision up.
 * Answers the campaign as it is now, or null where somebody else was faster.
 */
export async function changeCampaign(
  store: Store,
  seen: Pick<CampaignDocument, '_id' | 'revision'>,
  change: Partial<CampaignDocument>,
): Promise<CampaignDocument | null> {
  return (await driver(store.campaigns).findOneAndUpdate(
    { _id: seen._id, revision: seen.revision },
    { $set: change, $inc: { revision: 1 } },
    { returnDocument: 'after' },
  )) as CampaignDocument | null;
}

/** A page of the audience that has its conversations. */
export interface InitializedPage {
  /** The cursor behind which the page began. */
  readonly from: string;
  /** The page's last member. */
  readonly to: string;
  /** It was the last page. */
  readonly done: boolean;
  /** MongoDB's time. */
  readonly now: number;
}

/**
 * Notes how far initialisation has come; not a change of status, so the revision stays. False where that page was noted
 * already: somebody else did it as well.
 */
export async function saveInitializeCursor(
  store: Store,
  id: string,
  { from, to, done, now }: InitializedPage,
): Promise<boolean> {
  const result = await driver(store.campaigns).updateOne(
    { _id: id, initialize_cursor: { $lte: from }, conversation_states_initialized: false },
    {
      $set: { initialize_cursor: to, initialized_at: now, ...(done && { conversation_states_initialized: true }) },
    },
  );
  return result.matchedCount === 1;
}

/** The campaigns of these ids that there are. */
export function findCampaigns(store: Store, ids: readonly string[]): Promise<CampaignDocument[]> {
  return driver(store.campaigns)
    .find({ _id: { $in: [...ids] } })
    .toArray() as Promise<CampaignDocument[]>;
}
