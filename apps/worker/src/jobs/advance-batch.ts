import { loadCampaign } from '@campaign-manager/core/store';
import { finished, type Jobs, type JobToDo } from '@campaign-manager/queues';
import { adopt } from '../advance/adopt.js';
import { advance } from '../advance/advance.js';
import type { WorkerContext } from '../context.js';

type Payload = Jobs['conversations']['advance-batch'];

/**
 * Decides a batch of conversations. A conversation is the unit of failure: those that fail, and all of a batch that was
 * handed out before, get `advance` jobs of their own, so that one that kills its worker is found.
 */
export async function advanceBatch(context: WorkerContext, job: JobToDo<Payload>): Promise<void> {
  const { campaign_id, conversation_ids, open_batch } = job.payload;
  context.metrics.batchSize.observe({}, conversation_ids.length);
  context.logger.debug(
    { campaign_id, conversations: conversation_ids.length, open_batch, redelivered: job.redelivered },
    'A batch of conversations is taken up',
  );
  if (open_batch !== undefined) await takeOver(context, open_batch);
  else if (job.redelivered) await split(context, conversation_ids, 'redelivered');
  else await advanceAll(context, campaign_id, conversation_ids);
  await finished(context.producers.redis, context.config.redisPrefix, campaign_id, job.id).catch(() => undefined);
}

/** What the lost worker committed is finished; then comes, like in any other batch, what it may not have come to decide. */
async function takeOver(context: WorkerContext, openBatch: string): Promise<void> {
  const adopted = await adopt(context, openBatch);
  if (!adopted) return;
  const { campaign_id, finished: ids, suspect } = adopted;
  await (suspect ? split(context, ids, 'redelivered') : advanceAll(context, campaign_id, ids));
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
    'failed',
  );
}

async function split(context: WorkerContext, ids: readonly string[], reason: 'failed' | 'redelivered'): Promise<void> {
  await context.producers.add(
    'conversations',
    ids.map((conversation_id) => ({ name: 'advance' as const, payload: { conversation_id, suspect: true } })),
  );
  context.metrics.redispatches.inc({ reason }, ids.length);
}
