import { randomUUID } from 'node:crypto';
import type { CampaignDocument } from '@campaign-manager/core/models';
import {
  type AdoptedBatch,
  adoptBatch,
  closeBatch,
  dropFromBatch,
  loadCampaign,
  loadConversations,
  resolveEscalations,
  takeBackTry,
} from '@campaign-manager/core/store';
import { repaired } from '@campaign-manager/runtime';
import type { WorkerContext } from '../context.js';
import { isInfrastructureError } from '../is-infrastructure-error.js';
import { finishEffects } from './advance.js';
import { BATCH_LEASE_MS, keepBatchAlive } from './batch-lease.js';
import { onTrial } from './on-trial.js';

/** What became of an open batch that was taken over. */
export interface Adopted {
  readonly campaign_id: string;
  /** Every effect of these has its ledger row or its notification record. */
  readonly finished: readonly string[];
  /** Something in the batch has killed an adopter before. */
  readonly suspect: boolean;
}

/**
 * Finishes what a worker left behind when it died between its intent and its last effect. A batch that is adopted for
 * the second time has killed its adopter, maybe because of one of its conversations: from then on each of them is on
 * trial, so that the one is found and set aside while the others go on. What could not be finished stays in the batch,
 * for the next adoption. Null where the batch was not to be adopted.
 */
export async function adopt(context: WorkerContext, openBatch: string): Promise<Adopted | null> {
  const successor = { id: randomUUID(), leaseUntil: context.clock.now() + BATCH_LEASE_MS };
  const batch = await adoptBatch(context.store, openBatch, context.clock.now(), successor);
  if (!batch) return null;
  const { campaign_id, conversation_ids: ids, adoptions } = batch;
  const more = { campaign_id, conversations: ids.length, adoptions };
  repaired(context, 'open_batch', [openBatch], 'A batch whose worker is gone was adopted', more);
  const suspect = adoptions > 1;
  const lease = keepBatchAlive(context, batch._id);
  try {
    const campaign = await loadCampaign(context.store, campaign_id);
    const finished = suspect ? await finishOneByOne(context, campaign, batch) : await finish(context, campaign, ids);
    if (finished.length === ids.length) await closeBatch(context.store, batch._id);
    return { campaign_id, finished, suspect };
  } finally {
    lease.stop();
  }
}

async function finish(
  context: WorkerContext,
  campaign: CampaignDocument,
  ids: readonly string[],
): Promise<readonly string[]> {
  await finishEffects(context, campaign, ids);
  await resolveLeftBehind(context, ids);
  return ids;
}

async function finishOneByOne(
  context: WorkerContext,
  campaign: CampaignDocument,
  { _id, conversation_ids }: AdoptedBatch,
): Promise<readonly string[]> {
  const finished: string[] = [];
  for (const id of conversation_ids) {
    try {
      await onTrial(context, campaign, id, async () => {
        await finish(context, campaign, [id]);
        await takeBackTry(context.store, id);
      });
    } catch (error) {
      if (isInfrastructureError(error)) throw error;
      context.logger.error({ err: error, conversation_id: id }, 'The effects of a conversation could not be finished');
      continue;
    }
    await dropFromBatch(context.store, _id, id);
    finished.push(id);
  }
  return finished;
}

/** A decision that closed an escalation may have been committed without anybody resolving its record. */
async function resolveLeftBehind({ store, clock }: WorkerContext, ids: readonly string[]): Promise<void> {
  for (const { _id, escalation } of await loadConversations(store, ids)) {
    await resolveEscalations(store, _id, escalation?.key ?? null, clock.now());
  }
}
