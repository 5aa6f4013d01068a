import type { ChannelName } from '@campaign-manager/core/schemas';
import type { RowOutcome } from '@campaign-manager/core/store';
import type { Logger } from '@campaign-manager/runtime';

/**
 * What became of a message, for whoever follows it through the log. The words of a provider stay in the ledger, since
 * they may name people; why a message was held back is a word of ours.
 */
export function logOutcome(logger: Logger, channel: ChannelName, { key, status, attempt, dueAt }: RowOutcome): void {
  if (!logger.isLevelEnabled('debug')) return;
  const { n, outcome, reason } = attempt;
  const why = outcome === 'held_back' ? reason : undefined;
  logger.debug({ key, channel, status, attempt: n, outcome, reason: why, due_at: dueAt }, 'A message has an outcome');
}
