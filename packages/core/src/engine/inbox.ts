import { assertNever } from './assert-never.js';
import { block, closeEscalation, complete, unblock } from './complete.js';
import { type Draft, note, patch } from './draft.js';
import { release, snooze, take } from './holds.js';
import { parseMessageKey, resendKey } from './keys.js';
import { applyResponse } from './responses.js';
import { changeStage } from './stages.js';
import type { InboxEvent, MessageEffect } from './types.js';

/** How many ids of applied events a conversation remembers (design, section 3). */
export const APPLIED_EVENT_IDS = 100;

/** Applies every event of the inbox in order of arrival; each once, whatever is delivered again. */
export function applyInbox(draft: Draft): void {
  const { inbox, applied_event_ids: known } = draft.state;
  if (inbox.length === 0) return;
  const seen = new Set(known);
  const fresh = inbox.filter(({ id }) => !seen.has(id) && seen.add(id));
  patch(draft, { inbox: [], applied_event_ids: [...seen].slice(-APPLIED_EVENT_IDS) });
  for (const event of fresh) applyEvent(draft, event);
}

function applyEvent(draft: Draft, event: InboxEvent): void {
  if (draft.state.status === 'completed') return;
  switch (event.type) {
    case 'response':
      return applyResponse(draft, event);
    case 'opt_out':
      return complete(draft, 'opted_out', 'opt_out', event.detail);
    case 'bounced':
      return bounce(draft, event);
    case 'delivery':
      return; // only a wake-up call: `settle` has read the ledger
    case 'command':
      return applyCommand(draft, event);
    default:
      return assertNever(event);
  }
}

/** What the provider took and could not deliver ends the conversation as a refusal at its door would have done. */
function bounce(draft: Draft, { at, key, detail }: Extract<InboxEvent, { type: 'bounced' }>): void {
  note(draft, 'delivery', { at, reason: detail, detail: { key, outcome: 'bounced' } });
  complete(draft, 'failed', 'undeliverable', detail);
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
      return snooze(draft, event.at, command.until);
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

function advance(draft: Draft, to: string | undefined): void {
  if (to !== undefined && !draft.input.template.stages.has(to)) return block(draft, `unknown_stage: ${to}`);
  if (draft.state.status === 'blocked') unblock(draft);
  closeEscalation(draft, 'operator');
  changeStage(draft, 'operator', { failed: false, ...(to !== undefined && { to }) });
}

/** Sends a message again under a new key, because an operator found out that it never arrived. */
function resend(draft: Draft, key: string): void {
  const ref = parseMessageKey(draft.input.conversation_id, key);
  const stage = ref && draft.input.template.stages.get(ref.stage);
  if (!ref || !stage?.messages[ref.index] || draft.state.status !== 'active') return;
  const again = resendKey(key);
  if (draft.state.outbox.some((effect) => effect.key === again)) return; // it is on its way already
  const { resend: _resend, ...message } = ref;
  const effect: MessageEffect = {
    ...message,
    kind: 'message',
    key: again,
    decided_at: draft.now,
    ...(ref.ordinal > 0 && { follow_up: ref.ordinal - 1 }),
  };
  patch(draft, { outbox: [...draft.state.outbox, effect] });
  note(draft, 'sent', { reason: 'operator', detail: { key: effect.key } });
}
