import type { CampaignDocument } from '../models/documents.js';
import { changeCampaign, loadCampaign } from './campaigns.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { ConflictError } from './errors.js';

/** Launching a campaign pins what it was launched with. */
export interface LaunchPins {
  readonly template_version: number;
  readonly delay_factor: number;
}

/**
 * `draft -> scheduled`, or `running` at once where its start has come; the audience is frozen from now on.
 * @throws ConflictError where it is no draft, or an import is under way.
 */
export function launchCampaign(store: Store, id: string, pins: LaunchPins, now: number): Promise<CampaignDocument> {
  return transition(store, id, ['draft'], 'launched', (campaign) => {
    if (campaign.open_imports.some(({ until }) => until > now)) {
      throw new ConflictError(`Campaign '${id}' cannot be launched while an import into its audience is under way.`);
    }
    return isDue(campaign, now) ? { ...pins, status: 'running', started_at: now } : { ...pins, status: 'scheduled' };
  });
}

/** `scheduled -> running`: for the scheduler, when the start has come. Null where somebody else was faster. */
export function startCampaign(store: Store, campaign: CampaignDocument, now: number): Promise<CampaignDocument | null> {
  return changeCampaign(store, campaign, { status: 'running', started_at: now });
}

export function pauseCampaign(store: Store, id: string, now: number): Promise<CampaignDocument> {
  return transition(store, id, ['running'], 'paused', () => ({ status: 'paused', paused_at: now }));
}

/** One write, whatever the number of conversations: their time simply goes on where it stopped. */
export function resumeCampaign(store: Store, id: string, now: number): Promise<CampaignDocument> {
  return transition(store, id, ['paused'], 'resumed', (campaign) => ({
    status: 'running',
    paused_at: null,
    resumed_at: now,
    paused_ms: campaign.paused_ms + Math.max(0, now - (campaign.paused_at ?? now)),
  }));
}

/** Nothing is sent from now on; `ended_at` follows when every conversation has been ended. */
export function cancelCampaign(store: Store, id: string, now?: number): Promise<CampaignDocument> {
  return transition(store, id, ['draft', 'scheduled', 'running', 'paused'], 'cancelled', () => ({
    status: 'cancelled',
    result: 'cancelled',
    ...(now !== undefined && { cancelled_at: now }),
  }));
}

/** `running -> completed`. Null where somebody else was faster. */
export function completeCampaign(
  store: Store,
  campaign: CampaignDocument,
  result: 'expired' | 'finished',
  now: number,
): Promise<CampaignDocument | null> {
  return changeCampaign(store, campaign, { status: 'completed', result, ended_at: now });
}

/** A cancelled campaign has nothing open any more. Null where somebody else was faster. */
export function endCancelledCampaign(
  store: Store,
  campaign: CampaignDocument,
  now: number,
): Promise<CampaignDocument | null> {
  return changeCampaign(store, campaign, { ended_at: now });
}

/**
 * A conversation appeared in a cancelled campaign: it must be closed (once more). The revision goes up in any case, so
 * that whoever looked before cannot close it; one atomic update, since a lost race would leave the conversation open.
 */
export async function reopenClosing(store: Store, id: string): Promise<void> {
  await driver(store.campaigns).updateOne(
    { _id: id, status: 'cancelled' },
    { $set: { ended_at: null }, $inc: { revision: 1 } },
  );
}

export function isDue(campaign: Pick<CampaignDocument, 'start_at'>, now: number): boolean {
  return campaign.start_at === null || campaign.start_at <= now;
}

/** Whether it was cancelled or its end has come, so that nothing of it goes on. Pure. */
export function isOver(campaign: Pick<CampaignDocument, 'status' | 'end_at'>, now: number): boolean {
  return campaign.status === 'cancelled' || (campaign.end_at !== null && campaign.end_at <= now);
}

async function transition(
  store: Store,
  id: string,
  from: readonly CampaignDocument['status'][],
  verb: string,
  change: (campaign: CampaignDocument) => Partial<CampaignDocument>,
): Promise<CampaignDocument> {
  for (;;) {
    const campaign = await loadCampaign(store, id);
    if (!from.includes(campaign.status)) {
      throw new ConflictError(
        `Campaign '${id}' is ${campaign.status}; only one that is ${from.join(' or ')} can be ${verb}.`,
      );
    }
    const changed = await changeCampaign(store, campaign, change(campaign));
    if (changed) return changed; // else somebody changed it meanwhile: look again
  }
}
