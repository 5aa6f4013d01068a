import { assertNever } from '../engine/assert-never.js';
import type { InboxEvent } from '../engine/types.js';
import type { ResponseDocument, ResponseStatus } from '../models/documents.js';
import type { Added } from './add-event.js';
import type { Placed } from './add-events.js';
import { ERASED } from './erasure/without-person.js';

/** What became of a reply. `reason`: why it is kept and not applied. */
export interface Fate {
  readonly status: ResponseStatus;
  readonly reason?: string;
}

/** What becomes of a reply that was put, or could not be put, into its conversation's inbox. Pure. */
export function fateOf(added: Added | Placed): Fate {
  switch (added) {
    case 'added':
    case 'there':
    case 'duplicate':
      return { status: 'queued' };
    case 'full':
      return { status: 'received' }; // the sweep pushes it again
    case 'completed':
      return { status: 'late', reason: 'conversation_completed' };
    case 'erased':
      return { status: 'late', reason: ERASED };
    case 'missing':
      return { status: 'unmatched', reason: 'no_conversation' };
    default:
      return assertNever(added);
  }
}

/** Where a reply went, and the conversations that have something in their inbox now: the caller wakes them. */
export interface Routed {
  readonly status: ResponseStatus;
  readonly wake: readonly string[];
}

/** Only a reply that waits in an inbox wakes its conversation. Pure. */
export function routedBy({ status }: Fate, { conversation_id }: ResponseDocument): Routed {
  return { status, wake: status === 'queued' ? [conversation_id] : [] };
}

/** A reply as its conversation's inbox holds it; `at` is campaign time. Pure. */
export function replyEvent({ _id, intent, text, data }: ResponseDocument, at: number): InboxEvent {
  return {
    id: _id,
    type: 'response',
    at,
    ...(intent !== undefined && { intent }),
    ...(text !== undefined && { text }),
    ...(data !== undefined && { data }),
  };
}
