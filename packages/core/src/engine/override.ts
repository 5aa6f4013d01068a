import { block, complete } from './complete.js';
import { finishDraft, patch, startDraft } from './draft.js';
import { applyInbox } from './inbox.js';
import { nextActionAt } from './next-action.js';
import { settle } from './settle.js';
import type { ConversationResult, DecideInput, Decision } from './types.js';

/**
 * Ends a conversation whatever its rules say: its campaign was cancelled, or is over. What waits in the inbox is applied
 * first, so that a reply that came in time counts. Pure, like `decide`.
 */
export function endConversation(input: DecideInput, result: ConversationResult, reason: string): Decision {
  const draft = startDraft(input);
  settle(draft);
  applyInbox(draft);
  if (draft.state.status !== 'completed') complete(draft, result, reason);
  return finishDraft(draft);
}

/**
 * Puts a conversation aside that cannot be decided, for an operator to look at. One that is blocked already is no longer
 * due by what waits in its inbox. Pure, like `decide`.
 */
export function blockConversation(input: DecideInput, reason: string): Decision {
  const draft = startDraft(input);
  if (draft.state.status === 'completed') return finishDraft(draft);
  if (draft.state.status === 'active') block(draft, reason);
  patch(draft, { next_action_at: nextActionAt(draft) });
  return finishDraft(draft);
}
