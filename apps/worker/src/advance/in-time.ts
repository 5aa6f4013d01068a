import { type ConversationState, type DecideInput, decide } from '@campaign-manager/core/engine';

/**
 * In a campaign whose database was restored, what lies in the gap is decided for the instant at which it was due, however
 * late that is done: the lost system may have been on time, and all that it may have sent must be recognised. Lateness
 * that moved later messages out of the gap would have them sent a second time. Pure.
 */
export function inTime(input: DecideInput, doubtUntil: number | undefined): DecideInput {
  if (doubtUntil === undefined) return input;
  const at = Math.max(dueAt(input), lastActAt(input.state));
  return at > doubtUntil ? input : { ...input, now: Math.min(input.now, at) };
}

/** When it had something to do, by its rules or by what waits in its inbox. One that is blocked: had it not been. */
function dueAt(input: DecideInput): number {
  const { inbox, next_action_at } = input.state;
  if (inbox.length === 0 && next_action_at > 0) return next_action_at;
  const arrived = inbox.filter(({ type }) => type !== 'delivery').map(({ at }) => at); // those carry no facts
  return Math.min(dueByRules(input), ...arrived);
}

/** What waits makes a conversation due at once, so when it was due without that has to be found out again. */
function dueByRules(input: DecideInput): number {
  const now = lastActAt(input.state);
  const { state, events } = decide({ ...input, state: { ...input.state, status: 'active', inbox: [] }, now });
  return events.some(({ type }) => type !== 'delivery') ? now : state.next_action_at;
}

/** It was not decided before that. */
function lastActAt({ stage_entered_at, visit }: ConversationState): number {
  return Math.max(stage_entered_at, ...visit.messages.map(({ decided_at }) => decided_at));
}
