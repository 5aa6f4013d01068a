import { clearTries, countTry, loadCampaign, loadConversation } from '@campaign-manager/core/store';
import type { Jobs, JobToDo } from '@campaign-manager/queues';
import { advance, setAside } from '../advance/advance.js';
import type { WorkerContext } from '../context.js';

/** A conversation that could not be decided so often is set aside for an operator. */
const MAX_TRIES = 5;

/**
 * Decides one conversation. Tries are counted in MongoDB, and before the decision: a conversation that crashes its
 * worker is counted as well, which BullMQ does not do.
 */
export async function advanceOne(
  context: WorkerContext,
  job: JobToDo<Jobs['conversations']['advance']>,
): Promise<void> {
  const { conversation_id, suspect } = job.payload;
  const conversation = await loadConversation(context.store, conversation_id);
  const campaign = await loadCampaign(context.store, conversation.campaign_id);
  if (campaign.status !== 'running') return;
  const isSuspect = suspect === true || job.redelivered;
  if (isSuspect) {
    const tries = await countTry(context.store, conversation_id);
    if (tries >= MAX_TRIES) {
      context.logger.error({ conversation_id, tries }, 'A conversation failed again and again and is set aside');
      return setAside(context, campaign, conversation_id, 'failed_repeatedly');
    }
  }
  const { failed } = await advance(context, campaign, [conversation_id]);
  if (failed[0]) throw failed[0].error;
  if (isSuspect) await clearTries(context.store, conversation_id);
}
