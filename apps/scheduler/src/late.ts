import type { CampaignDocument } from '@campaign-manager/core/models';
import { campaignTime, type DueConversation } from '@campaign-manager/core/store';

/** A reply waits for a message that is on the wire: only after this long is it certain that nobody is at it. */
const WIRE_MS = 60_000;
/** Of things that are closed or begun page by page: after this long without progress nobody is at it. */
const STALLED_MS = 120_000;

type Progressing = Pick<
  CampaignDocument,
  'status' | 'started_at' | 'resumed_at' | 'initialized_at' | 'end_at' | 'cancelled_at'
>;

/**
 * Whether a conversation has been due for more than two polling intervals: whoever had it died, or Redis lost its job.
 * What a decision or a reply made due counts from then, what was just created from its creation. Pure.
 */
export function isLate(
  campaign: CampaignDocument,
  { version, next_action_at, inbox }: DueConversation,
  now: number,
  intervalMs: number,
): boolean {
  const sinces = [next_action_at];
  if (version === 1) sinces.push(campaignTime(campaign, campaign.initialized_at ?? campaign.started_at ?? now));
  if (next_action_at === 0) sinces.push(Math.min(...inbox.map(({ at }) => at)) + WIRE_MS);
  return campaignTime(campaign, now) - Math.max(...sinces) > 2 * intervalMs;
}

/** Whether the audience should have got its next conversations long ago, so that their job was lost. Pure. */
export function isHalfInitialized(campaign: Progressing, now: number, intervalMs: number): boolean {
  const { started_at, resumed_at = 0, initialized_at = 0, end_at, status } = campaign;
  const since = Math.max(started_at ?? now, resumed_at, initialized_at, status === 'paused' ? (end_at ?? now) : 0);
  return now - since > 2 * intervalMs;
}

/** Whether a campaign that is over should have been closed long ago. Pure. */
export function isClosedLate(campaign: Progressing, now: number, intervalMs: number): boolean {
  const { status, end_at, cancelled_at, initialized_at = 0, started_at } = campaign;
  const over = status === 'cancelled' ? (cancelled_at ?? now) : (end_at ?? now);
  return now - Math.max(over, initialized_at, started_at ?? 0) > Math.max(2 * intervalMs, STALLED_MS);
}
