import { type Draft, FAR_FUTURE, note, patch, voidMessages } from './draft.js';
import { endEscalationHold } from './holds.js';
import type { ConversationResult } from './types.js';

/** Ends the conversation: nothing undecided happens any more, nothing undelivered leaves. */
export function complete(draft: Draft, result: ConversationResult, reason: string, detail?: string): void {
  closeEscalation(draft, 'completed');
  voidMessages(draft, 'completed', () => true);
  const duration_ms = draft.now - draft.state.stage_entered_at;
  note(draft, 'completed', { reason, detail: { result, duration_ms, ...(detail !== undefined && { detail }) } });
  patch(draft, { status: 'completed', result, reason, held: null, next_action_at: FAR_FUTURE });
}

/** Stops a conversation until an operator retries it, replies bring what was missing, or the campaign ends. */
export function block(draft: Draft, reason: string): void {
  note(draft, 'blocked', { reason });
  patch(draft, { status: 'blocked', reason });
}

/** Lets a blocked conversation try again. */
export function unblock(draft: Draft): void {
  if (draft.state.status !== 'blocked') return;
  const { reason: _reason, ...rest } = draft.state;
  draft.state = { ...rest, status: 'active' };
  note(draft, 'unblocked');
}

/** Resolves the open escalation, if there is one. */
export function closeEscalation(draft: Draft, reason: string): void {
  const { escalation } = draft.state;
  if (!escalation) return;
  note(draft, 'escalation_resolved', { reason, detail: { key: escalation.key } });
  patch(draft, { escalation: null });
  endEscalationHold(draft, draft.now);
}
