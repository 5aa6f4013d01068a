import { expiredBatches } from '@campaign-manager/core/store';
import { jobIdPart } from '@campaign-manager/queues';
import type { SweepStep } from './step.js';

const LIMIT = 500;

/** Batches whose worker is gone: another worker adopts them, and counts it. An adopted one goes to the list's end. */
export const sweepBatches: SweepStep = async ({ store, producers }, { now }) => {
  const batches = await expiredBatches(store, now, LIMIT);
  await producers.add(
    'conversations',
    batches.map(({ _id, campaign_id, conversation_ids }) => ({
      name: 'advance-batch' as const,
      payload: { campaign_id, conversation_ids, open_batch: _id },
      jobId: `adopt-${jobIdPart(_id)}`,
    })),
  );
};
