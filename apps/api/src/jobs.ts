import type { CampaignDocument } from '@campaign-manager/core/models';
import { type JobName, type Jobs, jobIdPart, type QueueName } from '@campaign-manager/queues';
import { currentTraceId } from '@campaign-manager/runtime';
import type { ApiContext } from './context.js';

type Ports = Pick<ApiContext, 'producers' | 'logger' | 'metrics'>;

/** Creates the conversations of a campaign that was just started, beginning with the first page. */
export function addInitialize(ports: Ports, { _id, initialize_cursor }: CampaignDocument): Promise<void> {
  const jobId = `init-${jobIdPart(_id)}-${jobIdPart(initialize_cursor)}`; // as the scheduler names it
  return add(ports, 'campaigns', 'initialize', { campaign_id: _id, cursor: initialize_cursor }, jobId);
}

/** Ends what is open of a cancelled campaign. */
export function addClose(ports: Ports, campaignId: string): Promise<void> {
  return add(ports, 'campaigns', 'close', { campaign_id: campaignId }, `close-${jobIdPart(campaignId)}`);
}

/** Decides a conversation at once, because something has come into its inbox. */
export function addAdvance(ports: Ports, conversationId: string): Promise<void> {
  return add(ports, 'conversations', 'advance', { conversation_id: conversationId });
}

/** A job is only a hint: where Redis does not take it, the scheduler's next poll finds what is to be done. */
async function add<Q extends QueueName, N extends JobName<Q>>(
  { producers, logger, metrics }: Ports,
  queue: Q,
  name: N,
  payload: Jobs[Q][N],
  jobId?: string,
): Promise<void> {
  const trace_id = currentTraceId();
  const traced = { ...payload, ...(trace_id !== undefined && { trace_id }) };
  try {
    await producers.add(queue, [{ name, payload: traced, ...(jobId !== undefined && { jobId }) }]);
    metrics.jobsEnqueued.inc({ queue, name });
  } catch (error) {
    logger.warn({ err: error, queue, job: name }, 'Redis did not take a job; the next poll adds it');
  }
}
