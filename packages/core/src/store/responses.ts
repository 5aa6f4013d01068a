import { recipientOf } from '../engine/keys.js';
import { isStopWord } from '../engine/stop-word.js';
import type { ConversationDocument, ResponseDocument, ResponseStatus } from '../models/documents.js';
import { type Added, addEvent } from './add-event.js';
import { campaignTime } from './campaign-clock.js';
import { loadCampaign } from './campaigns.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { erasedAmong } from './erasure/receipts.js';
import { ERASED, PERSONAL_RESPONSE } from './erasure/without-person.js';
import { NotFoundError } from './errors.js';
import { optOutOfConversation } from './opt-out.js';
import { fateOf, type Routed, replyEvent, routedBy } from './reply-fate.js';

/**
 * Puts a stored reply into its conversation's inbox and notes where it went. Doing it again changes nothing.
 * A reply that comes too late or belongs to nobody is kept with the reason, for operators to see. One that says STOP
 * is an opt-out and nothing else: no rule of the campaign sees it, and it is never too late.
 */
export async function routeResponse(store: Store, response: ResponseDocument): Promise<Routed> {
  const { status, wake } = await route(store, response);
  return { status, wake };
}

/** `changed`: it was this call that noted where the reply went, and nobody else's. */
export type Reconciled = Routed & { readonly changed: boolean };

async function route(store: Store, response: ResponseDocument): Promise<Reconciled> {
  const stopped = isStopWord(response.text) ? await stop(store, response) : null;
  if (stopped) return { status: 'applied', ...stopped };
  const campaign = await loadCampaign(store, response.campaign_id).catch(missingAsNull);
  const added: Added = campaign
    ? await addEvent(
        store,
        response.conversation_id,
        replyEvent(response, campaignTime(campaign, response.received_at)),
      )
    : 'missing';
  const erased = added === 'missing' ? await erasedAmong(store, [recipientOf(response.conversation_id)]) : new Set();
  const fate = fateOf(erased.size > 0 ? 'erased' : added);
  const { status, reason } = fate;
  const changed = status !== 'received' && (await markResponses(store, [response._id], status, reason)) > 0;
  return { ...routedBy(fate, response), changed };
}

/** Marked last: a process that dies before leaves a reply that the sweep routes again. */
async function stop(
  store: Store,
  { _id, conversation_id, received_at }: ResponseDocument,
): Promise<Pick<Reconciled, 'wake' | 'changed'> | null> {
  const cause = { reason: 'stop', source: _id, at: received_at } as const;
  const wake = await optOutOfConversation(store, conversation_id, cause);
  if (!wake) return null;
  return { wake, changed: (await markResponses(store, [_id], 'applied', 'opt_out')) > 0 };
}

/**
 * Notes what became of replies; only forward: an applied one stays applied. Those to somebody who was erased lose their
 * words. Answers how many it changed.
 */
export async function markResponses(
  store: Store,
  ids: readonly string[],
  status: ResponseStatus,
  reason?: string,
): Promise<number> {
  if (ids.length === 0) return 0;
  const result = await driver(store.responses).updateMany(
    { _id: { $in: [...ids] }, status: { $in: ['received', 'queued'] } },
    {
      $set: { status, ...(reason !== undefined && { reason }) },
      ...(reason === ERASED && { $unset: PERSONAL_RESPONSE.unset as never }),
    },
  );
  return result.modifiedCount;
}

/**
 * Replies that have been on their way for longer than they should, oldest first, by keyset: a process died in between,
 * or they wait in a paused campaign, or for room in an inbox. Pass the last one of a page to get the next.
 */
export function strandedResponses(
  store: Store,
  status: 'received' | 'queued',
  before: number,
  limit: number,
  after?: Pick<ResponseDocument, '_id' | 'received_at'>,
): Promise<ResponseDocument[]> {
  const keyset = after && {
    $or: [{ received_at: { $gt: after.received_at } }, { received_at: after.received_at, _id: { $gt: after._id } }],
  };
  return driver(store.responses)
    .find({ status, received_at: { $gte: after?.received_at ?? 0, $lte: before }, ...keyset } as never)
    .sort({ received_at: 1, _id: 1 })
    .limit(limit)
    .toArray() as Promise<ResponseDocument[]>;
}

/** Which of these replies stand in their conversation's inbox: they are due, and in nobody's way. */
export async function waitingInInbox(store: Store, responses: readonly ResponseDocument[]): Promise<Set<string>> {
  if (responses.length === 0) return new Set();
  const found = await driver(store.conversations)
    .find({ _id: { $in: responses.map(({ conversation_id }) => conversation_id) } })
    .project<{ _id: string; inbox: readonly { readonly id: string }[] }>({ 'inbox.id': 1 })
    .toArray();
  return new Set(found.flatMap(({ inbox }) => inbox.map(({ id }) => id)));
}

/** Settles a stranded reply: applied or late where the conversation has taken it, else pushed again. */
export async function reconcileResponse(store: Store, response: ResponseDocument): Promise<Reconciled> {
  const conversation = await driver(store.conversations).findOne(
    { _id: response.conversation_id, applied_event_ids: response._id } as never,
    { projection: { status: 1, recent_events: 1 } },
  );
  if (!conversation) return route(store, response);
  const applied = conversation.status !== 'completed' || (await isInHistory(store, conversation, response._id));
  const status = applied ? 'applied' : 'late';
  const reason = applied ? undefined : 'conversation_completed';
  return { status, wake: [], changed: (await markResponses(store, [response._id], status, reason)) > 0 };
}

/** Of an inbox that ends its conversation half-way, the rest is taken, but leaves no line of history. */
async function isInHistory(
  store: Store,
  { _id, recent_events }: Pick<ConversationDocument, '_id' | 'recent_events'>,
  responseId: string,
): Promise<boolean> {
  if (recent_events.some(({ type, detail }) => type === 'response' && detail?.['id'] === responseId)) return true;
  const filter = { conversation_id: _id, type: 'response' as const, 'detail.id': responseId };
  return (await driver(store.conversationEvents).findOne(filter, { projection: { _id: 1 } })) !== null;
}

function missingAsNull(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}
