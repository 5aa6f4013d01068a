import { setTimeout as pause } from 'node:timers/promises';
import type { CampaignDocument } from '@campaign-manager/core/models';
import { countTry, takeBackTry } from '@campaign-manager/core/store';
import type { WorkerContext } from '../context.js';
import { isInfrastructureError } from '../is-infrastructure-error.js';
import { setAside } from './advance.js';

/** A conversation that failed or crashed its worker so often is set aside for an operator. */
const MAX_TRIES = 5;

/**
 * Does `work` for a conversation that may be the one that kills its workers. The try is counted in MongoDB before the
 * work begins, so that a crash is counted as well, which BullMQ does not do; what MongoDB, Redis or a missing channel
 * did is no fault of the conversation, and is taken back. The last try sets the conversation aside instead.
 * @throws what `work` threw.
 */
export async function onTrial(
  context: WorkerContext,
  campaign: CampaignDocument,
  id: string,
  work: () => Promise<void>,
): Promise<void> {
  const tries = await countTry(context.store, id);
  if (tries >= MAX_TRIES) {
    context.logger.error({ conversation_id: id, tries }, 'A conversation failed again and again and is set aside');
    return setAside(context, campaign, id, 'failed_repeatedly');
  }
  try {
    await work();
  } catch (error) {
    if (isInfrastructureError(error)) void takeBack(context, id);
    throw error;
  }
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
const GIVE_UP_AFTER = 100;

/** MongoDB may be the very thing that is away: the try is taken back as soon as it answers. */
async function takeBack({ store, logger }: WorkerContext, id: string): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  for (let times = 0; times < GIVE_UP_AFTER; times++) {
    try {
      return await takeBackTry(store, id);
    } catch {
      await pause(pauseMs, undefined, { ref: false });
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }
  logger.warn({ conversation_id: id }, 'A try could not be taken back');
}
