import type { Decision } from '@campaign-manager/core/engine';
import type { CommittedConversation } from '@campaign-manager/core/store';
import type { WorkerContext } from '../context.js';
import type { DecidedBatch } from './decide-batch.js';

/** For whoever follows one conversation through the log: what was committed, and who was faster. */
export function logCommits(
  { logger }: Pick<WorkerContext, 'logger'>,
  changed: DecidedBatch['decisions'],
  won: ReadonlyMap<string, CommittedConversation>,
): void {
  if (!logger.isLevelEnabled('debug')) return;
  for (const { seen, decision } of changed) {
    const committed = won.get(seen._id);
    if (committed) logger.debug(describe(committed, decision), 'A decision is committed');
    else
      logger.debug({ conversation_id: seen._id, seen_version: seen.version }, 'A decision came too late: it is void');
  }
}

/** For whoever wonders why a conversation does not go on. */
export function logUndecided({ logger }: Pick<WorkerContext, 'logger'>, { early, waiting }: DecidedBatch): void {
  if (!logger.isLevelEnabled('debug')) return;
  for (const { _id: conversation_id, next_action_at } of early) {
    logger.debug({ conversation_id, next_action_at }, 'A conversation is not due yet');
  }
  for (const { _id: conversation_id } of waiting) {
    logger.debug({ conversation_id }, 'A conversation waits for the outcome of its message');
  }
}

/** Ids and types alone: what events tell may be what people wrote. Pure. */
function describe(
  { _id, version, current_stage, next_action_at }: CommittedConversation,
  { events, sends }: Decision,
): object {
  return {
    conversation_id: _id,
    version,
    stage: current_stage,
    next_action_at,
    events: events.map(({ type }) => type),
    messages: sends.map(({ effect }) => effect.key),
  };
}
