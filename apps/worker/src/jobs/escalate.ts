import { loadConversation, loadEscalation, markNotified } from '@campaign-manager/core/store';
import type { Jobs, JobToDo } from '@campaign-manager/queues';
import { repaired } from '@campaign-manager/runtime';
import type { WorkerContext } from '../context.js';

/** Notifying takes at most this long. */
const TIMEOUT_MS = 60_000;

/** Tells a human of an escalation, by the notifier that the template names. Done once; a failure is tried again. */
export async function escalate(
  context: WorkerContext,
  { payload }: JobToDo<Jobs['notifications']['escalate']>,
): Promise<void> {
  const { store, config, logger } = context;
  const escalation = await loadEscalation(store, payload.escalation_id);
  if (!escalation || escalation.notified_at !== null) return;
  const notifier = config.notifiers[escalation.action] ?? { channel: 'log' as const };
  if (notifier.channel === 'log' || notifier.to === undefined) {
    logger.warn(
      { escalation_id: escalation._id, conversation_id: escalation.conversation_id, action: escalation.action },
      'A conversation needs a human',
    );
  } else {
    const conversation = await loadConversation(store, escalation.conversation_id);
    await notify(context, notifier.channel, notifier.to, escalation._id, conversation.current_stage);
  }
  const first = await markNotified(store, escalation._id, context.clock.now());
  if (first && payload.repair) repaired(context, 'escalation', [escalation._id], 'An escalation had reached nobody');
}

/** Thrown when a notifier did not take an escalation; the job is tried again. */
export class NotificationError extends Error {
  override readonly name = 'NotificationError';
}

async function notify(
  { channels }: WorkerContext,
  channelName: 'email' | 'webhook',
  to: string,
  key: string,
  stage: string,
): Promise<void> {
  const channel = channels.get(channelName);
  if (!channel) throw new NotificationError(`The ${channelName} channel of a notifier is not configured.`);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const slot = await channel.reserve(signal);
  const subject = `A conversation in stage ${stage} needs you`;
  const body = `The conversation behind escalation ${key} has waited for too long. Please take it over.`;
  const outcome = await slot.send({ key, to, subject, body, attempt: 1 }, signal);
  if (outcome.status !== 'accepted') throw new NotificationError(`A notification was not accepted: ${outcome.status}.`);
}
