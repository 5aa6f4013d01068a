import { block, complete } from './complete.js';
import { type Deadlines, deadlines } from './deadlines.js';
import { type Draft, FAR_FUTURE, finishDraft, note, patch, patchVisit, startDraft } from './draft.js';
import { withdrawFollowUps } from './follow-ups.js';
import { lapseSnooze } from './holds.js';
import { applyInbox } from './inbox.js';
import { escalationKey, messageKey } from './keys.js';
import { missingVariables } from './missing-variables.js';
import { nextActionAt } from './next-action.js';
import { consult, type Verdict } from './progression.js';
import { renderMessage } from './render.js';
import { settle } from './settle.js';
import { changeStage } from './stages.js';
import type { DecideInput, Decision, MessageEffect, MessageProgress } from './types.js';

/** So many stages can change in one decision; the rest follows at once in the next (design, section 4, "Branching"). */
const MAX_STAGE_CHANGES = 20;

/**
 * Decides what a conversation does at `now`: what the ledger settled is folded in, the inbox is applied, and then the
 * clock is compared with every deadline, in the order responses, sends, escalation, advance, completion.
 *
 * Pure: the same input gives the same decision, nothing is read or written, the input stays as it was. It never throws
 * on data that passed validation. Deciding earlier than needed changes nothing: the state comes back as the same object.
 * Design, section 4; `docs/rules.md` tells the rules with their reasons.
 */
export function decide(input: DecideInput): Decision {
  const draft = startDraft(input);
  settle(draft);
  applyInbox(draft);
  expire(draft);
  if (draft.state.status === 'active') followTheClock(draft);
  scheduleNext(draft);
  return finishDraft(draft);
}

/** The campaign's end takes everybody along; nothing is sent at or after it. */
function expire(draft: Draft): void {
  const { end_at } = draft.input.campaign;
  if (draft.state.status === 'completed' || end_at === null || draft.now < end_at) return;
  complete(draft, 'expired', 'campaign_ended');
}

function followTheClock(draft: Draft): void {
  lapseSnooze(draft, draft.now);
  if (isSnoozed(draft)) return;
  for (let changes = 0; changes < MAX_STAGE_CHANGES && draft.state.status === 'active'; changes++) {
    if (!stepThroughStage(draft)) return;
  }
}

/** One look at the present stage; tells whether it was left, so that the next one is looked at as well. */
function stepThroughStage(draft: Draft): boolean {
  sendDueMessages(draft);
  if (draft.state.status !== 'active') return false;
  const due = deadlinesOf(draft);
  if (!due) {
    block(draft, `unknown_stage: ${draft.state.current_stage}`);
    return false;
  }
  const verdict = consult(draft, due.stage, leaving(draft, due));
  if (verdict?.kind === 'wait') return false;
  if (verdict) {
    leave(draft, verdict);
    return true;
  }
  sendDueFollowUp(draft, due);
  if (draft.state.status === 'active') escalateIfDue(draft, due);
  return false;
}

function sendDueMessages(draft: Draft): void {
  for (;;) {
    const message = deadlinesOf(draft)?.message;
    if (!message || message.due > draft.now) return;
    if (!send(draft, message.index, undefined)) return;
    if (message.index > 0) withdrawFollowUps(draft, 'next_message', draft.now);
    if (message.index === 0) {
      patchVisit(draft, { late_ms: draft.state.visit.late_ms + (draft.now - message.due) });
    }
  }
}

function sendDueFollowUp(draft: Draft, { followUp }: Deadlines): void {
  if (!followUp || followUp.due > draft.now || draft.state.escalation?.status === 'taken') return;
  const latest = draft.state.visit.messages.at(-1);
  if (!latest || latest.settled_at === null) return; // the previous one has not left yet
  send(draft, followUp.index, latest);
}

/** Puts one sending into the outbox, or blocks the conversation where a variable is missing. */
function send(draft: Draft, index: number, previous: MessageProgress | undefined): boolean {
  const { state, now, input } = draft;
  const ref = {
    stage: state.current_stage,
    visit: state.stage_visit,
    index,
    ordinal: previous ? previous.ordinal + 1 : 0,
  };
  const effect: MessageEffect = {
    kind: 'message',
    key: messageKey(input.conversation_id, ref),
    ...ref,
    decided_at: now,
    ...(previous && { follow_up: previous.follow_ups }),
  };
  const rendered = renderMessage(input, state, effect);
  if (!rendered) return false;
  if (rendered.missing.length > 0 && input.campaign.missing_variables === 'error') {
    block(draft, missingVariables(rendered.missing));
    return false;
  }
  patch(draft, { outbox: [...state.outbox, effect] });
  recordProgress(draft, effect, previous);
  draft.sends.push({ effect, content: rendered.content });
  note(draft, 'sent', { detail: { key: effect.key, index, ordinal: ref.ordinal } });
  return true;
}

function recordProgress(draft: Draft, effect: MessageEffect, previous: MessageProgress | undefined): void {
  const { visit } = draft.state;
  const progress: MessageProgress = {
    index: effect.index,
    ordinal: effect.ordinal,
    follow_ups: previous ? previous.follow_ups + 1 : 0,
    decided_at: effect.decided_at,
    settled_at: null,
    accepted_at: previous?.accepted_at ?? null,
  };
  patchVisit(draft, {
    messages: [...visit.messages.filter(({ index }) => index !== effect.index), progress],
    follow_ups: visit.follow_ups + (previous ? 1 : 0),
  });
}

function escalateIfDue(draft: Draft, { stage, escalation }: Deadlines): void {
  if (escalation === null || escalation > draft.now) return;
  const { state, now } = draft;
  const key = escalationKey(draft.input.conversation_id, state.current_stage, state.stage_visit);
  const effect = {
    kind: 'escalation' as const,
    key,
    stage: state.current_stage,
    visit: state.stage_visit,
    action: stage.escalation_action,
    decided_at: now,
  };
  patch(draft, {
    outbox: [...state.outbox, effect],
    escalation: { key, action: effect.action, status: 'open', opened_at: now },
  });
  patchVisit(draft, { escalated: true });
  draft.escalation = effect;
  note(draft, 'escalated', { detail: { action: effect.action } });
}

/** Whether the stage ends now, and how (design, section 4, "response_required"). */
function leaving(draft: Draft, due: Deadlines): Verdict | null {
  const { now } = draft;
  const { stage } = due;
  const minPassed = now >= due.min;
  if (due.satisfied && minPassed && (stage.response_required || stage.auto_advance)) {
    return { kind: 'advance', reason: 'response', failed: false };
  }
  if (!stage.response_required && !stage.auto_advance && minPassed && due.allSettled) {
    return { kind: 'advance', reason: 'messages_sent', failed: false };
  }
  if (draft.state.escalation?.status === 'taken') return null;
  if (now >= due.max) return due.lastWordsPending ? { kind: 'wait' } : outOfTime(due, 'max_duration');
  if (
    due.exhausted !== null &&
    now >= due.exhausted &&
    !due.satisfied &&
    latestHasLeft(draft) &&
    stage.response_required
  ) {
    return outOfTime(due, 'follow_ups_exhausted');
  }
  return null;
}

function outOfTime({ stage }: Deadlines, reason: string): Verdict {
  if (!stage.response_required || stage.auto_advance) return { kind: 'advance', reason, failed: false };
  if (stage.advance_on_failure) return { kind: 'advance', reason, failed: true };
  return { kind: 'fail', reason };
}

function leave(draft: Draft, verdict: Exclude<Verdict, { kind: 'wait' }>): void {
  if (verdict.kind === 'fail') complete(draft, 'failed', verdict.reason);
  else changeStage(draft, verdict.reason, verdict);
}

function latestHasLeft(draft: Draft): boolean {
  return draft.state.visit.messages.at(-1)?.settled_at !== null;
}

function isSnoozed(draft: Draft): boolean {
  const until = draft.state.held?.until ?? null;
  return until !== null && until > draft.now;
}

function deadlinesOf(draft: Draft): Deadlines | null {
  const { template, campaign } = draft.input;
  return deadlines({ template, campaign, state: draft.state });
}

function scheduleNext(draft: Draft): void {
  const next = draft.state.status === 'completed' ? FAR_FUTURE : nextActionAt(draft);
  if (next !== draft.state.next_action_at) patch(draft, { next_action_at: next });
}
