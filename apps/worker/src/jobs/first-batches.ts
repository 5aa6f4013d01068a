import type { CampaignDocument } from '@campaign-manager/core/models';
import { wallTime } from '@campaign-manager/core/store';
import { handOut, outstanding } from '@campaign-manager/queues';
import { outsideTraces } from '@campaign-manager/runtime';
import type { WorkerContext } from '../context.js';

/** Batches of one campaign that may wait at once when it starts; the scheduler goes on from there. */
const FIRST_BATCHES = 10;

/**
 * Hands out the first conversations of a campaign as soon as they are there, so that nobody waits for the next poll.
 * Those that come due later than that are left to it. Redis may be away: the poll is the safety net.
 */
export async function handOutFirst(
  context: WorkerContext,
  campaign: CampaignDocument,
  ids: readonly string[],
  enteredAt: number,
): Promise<void> {
  const { producers, config, clock } = context;
  const now = clock.now();
  const dueAt = wallTime(campaign, enteredAt);
  if (campaign.status !== 'running' || dueAt > now + config.pollingIntervalMs) return;
  try {
    const waiting = await outstanding(producers, config.redisPrefix, campaign._id, FIRST_BATCHES);
    if (waiting >= FIRST_BATCHES) return;
    await outsideTraces(() =>
      handOut(
        producers,
        ids.map((id) => ({ id, version: 1, dueAt })),
        {
          campaignId: campaign._id,
          batchSize: config.maxBatchSize,
          intervalMs: config.pollingIntervalMs,
          prefix: config.redisPrefix,
          now,
          limit: (FIRST_BATCHES - waiting) * config.maxBatchSize,
        },
      ),
    );
  } catch (error) {
    context.logger.warn({ err: error }, 'Redis did not take the first batches; the next poll hands them out');
  }
}
