import { assertNever } from '../engine/assert-never.js';
import type { InboxEvent } from '../engine/types.js';
import type { ResponseDocument, ResponseStatus } from '../models/documents.js';
import { type Added, addEvent } from './add-event.js';
import { campaignTime } from './campaign-clock.js';
import { loadCampaign } from './campaigns.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { isDuplicateKey, NotFoundError } from './errors.js';

/**
 * Keeps a reply before anything is done with it, under the provider's id or the caller's idempotency key. A second one
 * with the same id changes nothing: the stored one is answered, with `created` false.
 */
export async function receiveResponse(
  store: Store,
  response: ResponseDocument,
): Promise<{ readonly response: ResponseDocument; readonly created: boolean }> {
  try {
    await driver(store.responses).insertOne(response);
    return { response, created: true };
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const stored = await driver(store.responses).findOne({ _id: response._id });
    return { response: (stored ?? response) as ResponseDocument, created: false };
  }
}

/**
 * Puts a stored reply into its conversation's inbox and notes where it went. Doing it again changes nothing.
 * A reply that comes too late or belongs to nobody is kept with the reason, for operators to see.
 */
export async function routeResponse(store: Store, response: ResponseDocument): Promise<ResponseStatus> {
  const campaign = await loadCampaign(store, response.campaign_id).catch(missingAsNull);
  const added: Added = campaign
    ? await addEvent(store, response.conversation_id, toEvent(response, campaignTime(campaign, response.received_at)))
    : 'missing';
  const status = statusAfter(added);
  const reason = status === 'late' ? 'conversation_completed' : status === 'unmatched' ? 'no_conversation' : undefined;
  if (status !== 'received') await markResponses(store, [response._id], status, reason);
  return status;
}

function statusAfter(added: Added): ResponseStatus {
  switch (added) {
    case 'added':
    case 'duplicate':
      return 'queued';
    case 'full':
      return 'received'; // the sweep pushes it again
    case 'completed':
      return 'late';
    case 'missing':
      return 'unmatched';
    default:
      return assertNever(added);
  }
}

function toEvent(response: ResponseDocument, at: number): InboxEvent {
  const { _id, intent, text, data } = response;
  return {
    id: _id,
    type: 'response',
    at,
    ...(intent !== undefined && { intent }),
    ...(text !== undefined && { text }),
    ...(data !== undefined && { data }),
  };
}

/** Notes what became of replies; only forward: an applied one stays applied. */
export async function markResponses(
  store: Store,
  ids: readonly string[],
  status: ResponseStatus,
  reason?: string,
): Promise<void> {
  if (ids.length === 0) return;
  await driver(store.responses).updateMany(
    { _id: { $in: [...ids] }, status: { $in: ['received', 'queued'] } },
    { $set: { status, ...(reason !== undefined && { reason }) } },
  );
}

/** Replies that have been on their way for longer than they should: a process died in between. */
export function strandedResponses(store: Store, before: number, limit: number): Promise<ResponseDocument[]> {
  return driver(store.responses)
    .find({ status: { $in: ['received', 'queued'] }, received_at: { $lte: before } })
    .sort({ received_at: 1 })
    .limit(limit)
    .toArray() as Promise<ResponseDocument[]>;
}

/** Settles a stranded reply: applied where the conversation says so, else pushed again. */
export async function reconcileResponse(store: Store, response: ResponseDocument): Promise<ResponseStatus> {
  const applied = await driver(store.conversations).findOne(
    { _id: response.conversation_id, applied_event_ids: response._id } as never,
    { projection: { _id: 1 } },
  );
  if (!applied) return routeResponse(store, response);
  await markResponses(store, [response._id], 'applied');
  return 'applied';
}

function missingAsNull(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}
