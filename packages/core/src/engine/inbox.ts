import { assertNever } from './assert-never.js';
import { block, closeEscalation, complete, releaseHold } from './complete.js';
import { type Draft, note, patch } from './draft.js';
import { parseMessageKey, resendKey } from './keys.js';
import { applyResponse } from './responses.js';
import { changeStage } from './stages.js';
import type { InboxEvent } from './types.js';

/** How many ids of applied events a conversation remembers (design, section 3). */
export const APPLIED_EVENT_IDS = 100;

/** Applies every event of the inbox in order of arrival; each once, whatever is delivered again. */
export function applyInbox(draft: Draft): void {
  const { inbox, applied_event_ids: known } = draft.state;
  if (inbox.length === 0) return;
  patch(draft, {
    inbox: [],
    applied_event_ids: [...known, ...inbox.map(({ id }) => id)].slice(-APPLIED_EVENT_IDS),
  });
  for (const event of inbox) {
    if (!known.includes(event.id)) applyEvent(draft, event);
  }
}

function applyEvent(draft: Draft, event: InboxEvent): void {
  if (draft.state.status === 'completed') return;
  switch (event.type) {
    case 'response':
      return applyResponse(draft, event);
    case 'opt_out':
      return complete(draft, 'opted_out', 'opt_out', event.detail);
    case 'delivery':
      return; // only a wake-up call: `settle` has read the ledger
    case 'command':
      return applyCommand(draft, event);
    default:
      return assertNever(event);
  }
}

function applyCommand(draft: Draft, event: Extract<InboxEvent, { type: 'command' }>): void {
  const { command, by } = event;
  note(draft, 'command', { at: event.at, detail: { by, ...command } });
  switch (command.name) {
    case 'retry':
      return unblock(draft);
    case 'take':
      return take(draft, by, event.at);
    case 'release':
      return release(draft, event.at);
    case 'snooze':
      return patch(draft, { held: { since: draft.state.held?.since ?? event.at, until: command.until } });
    case 'advance':
      return advance(draft, command.to);
    case 'complete':
      return complete(draft, 'success', 'operator');
    case 'fail':
      return complete(draft, 'failed', 'operator');
    case 'cancel':
      return complete(draft, 'cancelled', 'operator');
    case 'resend':
      return resend(draft, command.key);
    default:
      return assertNever(command);
  }
}

function unblock(draft: Draft): void {
  if (draft.state.status !== 'blocked') return;
  const { reason: _reason, ...rest } = draft.state;
  draft.state = { ...rest, status: 'active' };
  note(draft, 'unblocked');
}

function take(draft: Draft, by: string, at: number): void {
  const { escalation, held } = draft.state;
  if (!escalation) return;
  patch(draft, {
    escalation: { ...escalation, status: 'taken', taken_by: by, taken_at: at },
    held: held ?? { since: at, until: null },
  });
}

function release(draft: Draft, at: number): void {
  const { escalation } = draft.state;
  if (escalation?.status !== 'taken') return;
  patch(draft, {
    escalation: { key: escalation.key, action: escalation.action, status: 'open', opened_at: escalation.opened_at },
  });
  releaseHold(draft, at);
}

function advance(draft: Draft, to: string | undefined): void {
  if (draft.state.status === 'blocked') unblock(draft);
  closeEscalation(draft, 'operator');
  if (to !== undefined && !draft.input.template.stages.has(to)) return block(draft, `unknown_stage: ${to}`);
  changeStage(draft, 'operator', { failed: false, ...(to !== undefined && { to }) });
}

/** Sends a message again under a new key, because an operator found out that it never arrived. */
function resend(draft: Draft, key: string): void {
  const ref = parseMessageKey(draft.input.conversation_id, key);
  const stage = ref && draft.input.template.stages.get(ref.stage);
  if (!ref || !stage?.messages[ref.index] || draft.state.status !== 'active') return;
  const { resend: _resend, ...message } = ref;
  const effect = { ...message, kind: 'message' as const, key: resendKey(key), decided_at: draft.now };
  patch(draft, { outbox: [...draft.state.outbox, effect] });
  note(draft, 'sent', { reason: 'operator', detail: { key: effect.key } });
}
