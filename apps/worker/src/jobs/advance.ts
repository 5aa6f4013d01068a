import type { CampaignDocument } from '@campaign-manager/core/models';
import { clearTries, loadCampaign } from '@campaign-manager/core/store';
import type { Jobs, JobToDo } from '@campaign-manager/queues';
import { advance } from '../advance/advance.js';
import { onTrial } from '../advance/on-trial.js';
import type { WorkerContext } from '../context.js';

/** Decides one conversation; one that failed or crashed a worker before is on trial. */
export async function advanceOne(
  context: WorkerContext,
  job: JobToDo<Jobs['conversations']['advance']>,
): Promise<void> {
  const { conversation_id, suspect } = job.payload;
  context.logger.debug({ conversation_id, suspect, redelivered: job.redelivered }, 'A conversation is taken up');
  const campaign = await loadCampaign(context.store, campaignOf(conversation_id));
  if (campaign.status !== 'running') return;
  if (suspect !== true && !job.redelivered) return decide(context, campaign, conversation_id);
  await onTrial(context, campaign, conversation_id, async () => {
    await decide(context, campaign, conversation_id);
    await clearTries(context.store, conversation_id);
  });
}

/** A conversation's id is its campaign's and its recipient's (design, section 3). */
function campaignOf(conversationId: string): string {
  return conversationId.slice(0, conversationId.indexOf('/'));
}

async function decide(context: WorkerContext, campaign: CampaignDocument, id: string): Promise<void> {
  const { failed } = await advance(context, campaign, [id]);
  if (failed[0]) throw failed[0].error;
}
