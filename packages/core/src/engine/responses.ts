import { closeEscalation, complete, unblock } from './complete.js';
import { type Draft, note, patch, patchVisit, voidMessages } from './draft.js';
import { isPresentVisit, withdrawFollowUps } from './follow-ups.js';
import { repliesBroughtWhatWasMissing } from './missing-variables.js';
import type { CompiledStage, InboxEvent, Variables } from './types.js';

type ResponseEvent = Extract<InboxEvent, { type: 'response' }>;

/**
 * Applies one reply: remembers its fields, lets the conversation go on where it was blocked for want of them, voids what
 * it makes pointless, counts it where it qualifies, and completes the conversation where it is the one that was hoped for
 * (design, section 4).
 */
export function applyResponse(draft: Draft, event: ResponseEvent): void {
  const { template } = draft.input;
  const stage = template.stages.get(draft.state.current_stage);
  const fields = responseFields(event);
  const qualifies = stage !== undefined && isQualifying(draft, stage, event);
  note(draft, 'response', {
    at: event.at,
    detail: { id: event.id, qualifying: qualifies, ...(event.intent !== undefined && { intent: event.intent }) },
  });
  patch(draft, {
    latest_response: fields,
    response_fields: { ...draft.state.response_fields, ...fields },
    response_count: draft.state.response_count + 1,
  });
  if (repliesBroughtWhatWasMissing(draft.state)) unblock(draft);
  withdrawFollowUps(draft, 'response', event.at);
  patchVisit(draft, { follow_ups_from: Math.max(event.at, draft.state.visit.follow_ups_from ?? 0) });
  if (qualifies) countQualifying(draft, stage);
  if (template.completing_intent !== null && event.intent === template.completing_intent) {
    complete(draft, 'success', 'specific_response_received');
  }
}

function countQualifying(draft: Draft, stage: CompiledStage): void {
  const responses = draft.state.visit.responses + 1;
  patchVisit(draft, { responses });
  if (responses < stage.min_responses) return;
  closeEscalation(draft, 'satisfied');
  if (stage.response_required) {
    voidMessages(draft, 'satisfied', (effect) => isPresentVisit(draft, effect));
  }
}

function isQualifying(draft: Draft, stage: CompiledStage, event: ResponseEvent): boolean {
  if (stage.specific_response !== null) return event.intent === stage.specific_response;
  return draft.state.visit.messages.some(({ accepted_at }) => accepted_at !== null && event.at >= accepted_at);
}

function responseFields(event: ResponseEvent): Variables {
  return {
    ...event.data,
    ...(event.intent !== undefined && { intent: event.intent }),
    ...(event.text !== undefined && { text: event.text }),
  };
}
