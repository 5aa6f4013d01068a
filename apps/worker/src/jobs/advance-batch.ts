import { randomUUID } from 'node:crypto';
import {
  adoptBatch,
  closeBatch,
  loadCampaign,
  loadConversations,
  resolveEscalations,
} from '@campaign-manager/core/store';
import { finished, type Jobs, type JobToDo } from '@campaign-manager/queues';
import { advance, finishEffects } from '../advance/advance.js';
import { BATCH_LEASE_MS, keepBatchAlive } from '../advance/batch-lease.js';
import type { WorkerContext } from '../context.js';

type Payload = Jobs['conversations']['advance-batch'];

/**
 * Decides a batch of conversations. A conversation is the unit of failure: those that fail, and all of a batch that was
 * handed out before, get `advance` jobs of their own, so that one that kills its worker is found.
 */
export async function advanceBatch(context: WorkerContext, job: JobToDo<Payload>): Promise<void> {
  const { campaign_id, conversation_ids, open_batch } = job.payload;
  if (open_batch !== undefined) await adopt(context, open_batch);
  else if (job.redelivered) await split(context, conversation_ids);
  else await advanceAll(context, campaign_id, conversation_ids);
  await finished(context.producers.redis, context.config.redisPrefix, campaign_id, job.id).catch(() => undefined);
}

async function advanceAll(context: WorkerContext, campaignId: string, ids: readonly string[]): Promise<void> {
  const campaign = await loadCampaign(context.store, campaignId);
  if (campaign.status !== 'running') return; // paused: time stands still; over: `close` sees to it
  const { failed } = await advance(context, campaign, ids);
  for (const { id, error } of failed) {
    context.logger.error({ err: error, conversation_id: id }, 'A conversation could not be decided');
  }
  await split(
    context,
    failed.map(({ id }) => id),
  );
}

async function split(context: WorkerContext, ids: readonly string[]): Promise<void> {
  await context.producers.add(
    'conversations',
    ids.map((conversation_id) => ({ name: 'advance' as const, payload: { conversation_id, suspect: true } })),
  );
}

/**
 * Finishes what a worker left behind when it died between its intent and its last effect: first what was committed,
 * then, like any other batch, what it may not have come to decide.
 */
async function adopt(context: WorkerContext, openBatch: string): Promise<void> {
  const now = context.clock.now();
  const successor = { id: randomUUID(), leaseUntil: now + BATCH_LEASE_MS };
  const batch = await adoptBatch(context.store, openBatch, now, successor);
  if (!batch) return;
  context.metrics.repairs.inc({ kind: 'open_batch' });
  context.logger.warn({ batch: openBatch, conversations: batch.conversation_ids.length }, 'Adopted an open batch');
  const lease = keepBatchAlive(context, batch._id);
  try {
    await finishEffects(context, await loadCampaign(context.store, batch.campaign_id), batch.conversation_ids);
    await resolveLeftBehind(context, batch.conversation_ids);
    await closeBatch(context.store, batch._id);
  } finally {
    lease.stop();
  }
  await advanceAll(context, batch.campaign_id, batch.conversation_ids);
}

async function resolveLeftBehind({ store, clock }: WorkerContext, ids: readonly string[]): Promise<void> {
  for (const { _id, escalation } of await loadConversations(store, ids)) {
    await resolveEscalations(store, _id, escalation?.key ?? null, clock.now());
  }
}
