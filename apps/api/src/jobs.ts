import type { CampaignDocument } from '@campaign-manager/core/models';
import { closeJob, initializeJob, type JobToAdd, type QueueName } from '@campaign-manager/queues';
import { currentTraceId } from '@campaign-manager/runtime';
import type { ApiContext } from './context.js';

type Ports = Pick<ApiContext, 'producers' | 'logger' | 'metrics'>;

/** Creates the conversations of a campaign that was just started, beginning with the first page. */
export function addInitialize(ports: Ports, { _id, initialize_cursor }: CampaignDocument): Promise<void> {
  return add(ports, 'campaigns', initializeJob(_id, initialize_cursor));
}

/** Ends what is open of a cancelled campaign. */
export function addClose(ports: Ports, campaignId: string): Promise<void> {
  return add(ports, 'campaigns', closeJob(campaignId));
}

/** Decides a conversation at once, because something has come into its inbox. */
export function addAdvance(ports: Ports, conversationId: string): Promise<void> {
  return add(ports, 'conversations', { name: 'advance', payload: { conversation_id: conversationId } });
}

/** As `addAdvance`, of each of these. */
export async function addAdvances(ports: Ports, conversationIds: readonly string[]): Promise<void> {
  for (const id of conversationIds) await addAdvance(ports, id);
}

/** A job is only a hint: where Redis does not take it, the scheduler's next poll finds what is to be done. */
async function add<Q extends QueueName>(
  { producers, logger, metrics }: Ports,
  queue: Q,
  job: JobToAdd<Q>,
): Promise<void> {
  const trace_id = currentTraceId();
  const payload = { ...job.payload, ...(trace_id !== undefined && { trace_id }) };
  try {
    await producers.add(queue, [{ ...job, payload }]);
    metrics.jobsEnqueued.inc({ queue, name: job.name });
  } catch (error) {
    logger.warn({ err: error, queue, job: job.name }, 'Redis did not take a job; the next poll adds it');
  }
}
