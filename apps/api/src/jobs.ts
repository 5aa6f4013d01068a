import type { CampaignDocument } from '@campaign-manager/core/models';
import { closeJob, initializeJob, type JobToAdd, type QueueName, wakeJobs } from '@campaign-manager/queues';
import { currentTraceId } from '@campaign-manager/runtime';
import type { ApiContext } from './context.js';

type Ports = Pick<ApiContext, 'producers' | 'logger'>;
type WakingPorts = Ports & { readonly config: Pick<ApiContext['config'], 'maxBatchSize'> };

/** Creates the conversations of a campaign that was just started, beginning with the first page. */
export function addInitialize(ports: Ports, { _id, initialize_cursor }: CampaignDocument): Promise<void> {
  return add(ports, 'campaigns', initializeJob(_id, initialize_cursor));
}

/** Ends what is open of a cancelled campaign. */
export function addClose(ports: Ports, campaignId: string): Promise<void> {
  return add(ports, 'campaigns', closeJob(campaignId));
}

/** Has conversations decided at once, because something has come into their inboxes. */
export function addAdvances({ config, ...ports }: WakingPorts, conversationIds: readonly string[]): Promise<void> {
  return add(ports, 'conversations', ...wakeJobs(conversationIds, config.maxBatchSize));
}

/** A job is only a hint: where Redis does not take it, the scheduler's next poll finds what is to be done. */
async function add<Q extends QueueName>(
  { producers, logger }: Ports,
  queue: Q,
  ...jobs: readonly JobToAdd<Q>[]
): Promise<void> {
  const trace_id = currentTraceId();
  const traced = jobs.map((job) => ({
    ...job,
    payload: { ...job.payload, ...(trace_id !== undefined && { trace_id }) },
  }));
  try {
    await producers.add(queue, traced);
  } catch (error) {
    const names = jobs.map(({ name }) => name);
    logger.warn({ err: error, queue, jobs: names }, 'Redis did not take a job; the next poll adds it');
  }
}
