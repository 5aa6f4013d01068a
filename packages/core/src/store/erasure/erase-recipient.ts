import { conversationId } from '../../engine/keys.js';
import type { ResponseDocument } from '../../models/documents.js';
import { OPEN_ROW_STATUSES } from '../../models/documents.js';
import { findCampaigns } from '../campaigns.js';
import type { Store } from '../connect-store.js';
import { driver } from '../connect-store.js';
import { resolveEscalations } from '../escalations.js';
import { inOpenBatches } from '../lost-effects.js';
import { routeResponse } from '../responses.js';
import { parseSuppressionId } from '../suppressions.js';
import { emptyHistory, emptyRows, endWithoutPerson, withdrawRetries } from './erase-conversation.js';
import { exportRecipient } from './export-recipient.js';
import {
  awaitCampaigns,
  closeReceipt,
  countErased,
  type ErasureReceipt,
  findOpenReceipt,
  noteSuppressed,
  openReceipt,
  readReceipt,
} from './receipts.js';
import { auditOf, namedByReplies, rowsOf, suppressionIdsOf, type Traces, tracesOf } from './traces.js';
import { ERASED, PERSONAL_RESPONSE } from './without-person.js';

/** What an erasure still waits for; it is complete when nothing is left. */
export interface Awaited {
  /** Messages on the wire: their rows are emptied when it is known what became of them. */
  readonly messages: number;
  /** Decisions that somebody began before the conversation was ended, and may still write down. */
  readonly decisions: number;
  /** Campaigns that may still make a conversation of what they read about this member. */
  readonly campaigns: number;
}

export interface Erasure {
  readonly receipt: ErasureReceipt;
  readonly awaited: Awaited;
}

interface Work {
  readonly store: Store;
  readonly recipientId: string;
  readonly receipt: ErasureReceipt;
  readonly now: () => number;
}

/**
 * Erases everything personal of a recipient: ends the open conversations, and empties or removes what is stored, in every
 * collection. What statistics count stays, under the recipient's id. Each step can be done again: after a crash, or where
 * something is still awaited, the same call goes on, with the same receipt. `now` is MongoDB's time.
 * @throws NotFoundError where nothing is known of such a recipient, and nothing was erased.
 */
export async function eraseRecipient(
  store: Store,
  recipientId: string,
  { by, now }: { readonly by: string; readonly now: () => number },
): Promise<Erasure> {
  const open = (await findOpenReceipt(store, recipientId)) ?? (await begin(store, recipientId, by, now()));
  const work: Work = { store, recipientId, receipt: open, now };
  await settleSuppressions(work);
  await eraseRecipientDocument(work);
  let messages = 0;
  let decisions = 0;
  for await (const traces of tracesOf(store, recipientId)) {
    const found = await eraseTraces(work, traces);
    messages += found.messages;
    decisions += found.decisions;
  }
  const awaited: Awaited = { messages, decisions, campaigns: await campaignsAwaited(work) };
  const isComplete = Object.values(awaited).every((count) => count === 0);
  const receipt = isComplete ? await closeReceipt(store, open, now()) : await readReceipt(store, open);
  return { receipt, awaited };
}

/** Whatever an export finds is a reason to erase, were it a reply to somebody who was never imported. */
async function begin(store: Store, recipientId: string, by: string, now: number): Promise<ErasureReceipt> {
  const found = await exportRecipient(store, recipientId);
  await found.return();
  return openReceipt(store, recipientId, by, now);
}

/**
 * First of all, while the addresses are known: who wanted no more messages is not written to if they are brought in anew,
 * so that these addresses stay, without their source. A bounce is no such wish, and goes. A STOP that was received and
 * has got no further counts as well.
 */
async function settleSuppressions({ store, recipientId, receipt }: Work): Promise<void> {
  for await (const traces of tracesOf(store, recipientId)) {
    const received = driver(store.responses).find({
      conversation_id: { $in: namedByReplies(traces) },
      status: 'received',
    });
    for await (const response of received) await routeResponse(store, response as ResponseDocument);
  }
  const ids = await suppressionIdsOf(store, recipientId);
  if (ids.length === 0) return;
  const removed = await driver(store.suppressions).deleteMany({ _id: { $in: ids }, reason: 'bounce' });
  await countErased(store, receipt, 'erased.suppressions', removed.deletedCount);
  await driver(store.suppressions).updateMany({ _id: { $in: ids } }, { $unset: { source: '' } });
  await noteSuppressed(store, receipt, await driver(store.suppressions).countDocuments({ _id: { $in: ids } }));
  for (const id of ids) {
    const target = `${parseSuppressionId(id).channel}:${ERASED}`;
    const renamed = await driver(store.auditLog).updateMany({ target: id }, { $set: { target } });
    await countErased(store, receipt, 'erased.audit_log', renamed.modifiedCount);
  }
}

/** From then on nobody can be written to whose conversation is yet to come. */
async function eraseRecipientDocument({ store, recipientId, receipt }: Work): Promise<void> {
  const { deletedCount } = await driver(store.recipients).deleteOne({ _id: recipientId });
  await countErased(store, receipt, 'erased.recipients', deletedCount);
}

async function eraseTraces(work: Work, traces: Traces): Promise<Pick<Awaited, 'messages' | 'decisions'>> {
  const { store, receipt, now } = work;
  await eraseMembers(work, traces);
  const ids = traces.conversations.map(({ _id }) => _id);
  for (const id of ids) {
    const { changed, ended } = await endWithoutPerson(store, id, now());
    await countErased(store, receipt, 'erased.conversation_states', changed ? 1 : 0);
    await countErased(store, receipt, 'ended', ended ? 1 : 0);
    await resolveEscalations(store, id, null, now());
    await withdrawRetries(store, id, now());
  }
  // Looked at before the rest is emptied: what was written down by then is found below.
  const decisions = ids.length === 0 ? 0 : await underWay(store, ids);
  const messages = ids.length === 0 ? 0 : await openRows(store, ids);
  for (const id of ids) {
    await countErased(store, receipt, 'erased.messages', await emptyRows(store, id));
    await countErased(store, receipt, 'erased.conversation_events', await emptyHistory(store, id));
  }
  await eraseResponses(work, traces);
  await eraseNotes(work, ids);
  return { messages, decisions };
}

/**
 * A member whose conversation exists stays, without context; any other is removed. A campaign that is making its
 * conversations may have read the member already.
 */
async function eraseMembers({ store, recipientId, receipt }: Work, { possible, conversations }: Traces): Promise<void> {
  const there = new Set(conversations.map(({ _id }) => _id));
  const emptied = await driver(store.audienceMembers).updateMany(
    { _id: { $in: [...there] }, context: { $ne: {} } },
    { $set: { context: {} } },
  );
  await countErased(store, receipt, 'erased.audience_members', emptied.modifiedCount);
  const others = await driver(store.audienceMembers)
    .find({ _id: { $in: possible.filter((id) => !there.has(id)) } })
    .project<{ _id: string; campaign_id: string }>({ campaign_id: 1 })
    .toArray();
  if (others.length === 0) return;
  await awaitCampaigns(
    store,
    receipt,
    await makingConversations(
      store,
      recipientId,
      others.map((one) => one.campaign_id),
    ),
  );
  const removed = await driver(store.audienceMembers).deleteMany({ _id: { $in: others.map(({ _id }) => _id) } });
  await countErased(store, receipt, 'erased.audience_members', removed.deletedCount);
}

/** Which of these campaigns are making conversations, and have not come past this recipient's. */
async function makingConversations(store: Store, recipientId: string, ids: readonly string[]): Promise<string[]> {
  const campaigns = await findCampaigns(store, ids);
  return campaigns
    .filter(({ status }) => status !== 'draft' && status !== 'completed')
    .filter(({ conversation_states_initialized: done }) => !done)
    .filter(({ _id, initialize_cursor }) => initialize_cursor < conversationId(_id, recipientId))
    .map(({ _id }) => _id);
}

/** How long a page of new conversations may still be on its way after its campaign was stopped. */
const PAGE_MS = 60_000;

/** One that has not started has not read anything: its member is gone by now. */
async function campaignsAwaited({ store, recipientId, receipt, now }: Work): Promise<number> {
  const { awaited } = (await readReceipt(store, receipt)).detail;
  const making = await findCampaigns(store, await makingConversations(store, recipientId, awaited));
  return making.filter(({ status, started_at, paused_at, cancelled_at }) => {
    if (status === 'running') return true;
    return started_at !== null && now() - Math.max(paused_at ?? 0, cancelled_at ?? 0) < PAGE_MS;
  }).length;
}

async function underWay(store: Store, ids: readonly string[]): Promise<number> {
  const decided = await inOpenBatches(store, ids); // all that stand in the same batches
  return ids.filter((id) => decided.has(id)).length;
}

function openRows(store: Store, ids: readonly string[]): Promise<number> {
  return driver(store.messages).countDocuments({ ...rowsOf(ids), status: { $in: [...OPEN_ROW_STATUSES] } });
}

/** Replies stay, so that a second delivery of one is known, without their words; none waits for anything any more. */
async function eraseResponses({ store, receipt }: Work, traces: Traces): Promise<void> {
  const named = { conversation_id: { $in: namedByReplies(traces) } };
  const emptied = await driver(store.responses).updateMany(
    { ...named, $or: PERSONAL_RESPONSE.present } as never,
    {
      $unset: PERSONAL_RESPONSE.unset,
    } as never,
  );
  await countErased(store, receipt, 'erased.responses', emptied.modifiedCount);
  await driver(store.responses).updateMany(
    { ...named, status: { $in: ['received', 'queued'] } },
    { $set: { status: 'late', reason: ERASED } },
  );
}

/** What operators noted about conversations and messages, in words of their own. */
async function eraseNotes({ store, receipt }: Work, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const emptied = await driver(store.auditLog).updateMany(
    { ...auditOf(ids), 'detail.note': { $exists: true } } as never,
    { $unset: { 'detail.note': '' } } as never,
  );
  await countErased(store, receipt, 'erased.audit_log', emptied.modifiedCount);
}
