import { resendKey } from '@campaign-manager/core/engine';
import type { Attempt, ConversationDocument, MessageDocument } from '@campaign-manager/core/models';
import {
  audit,
  beginResend,
  ConflictError,
  loadConversation,
  loadMessages,
  NotFoundError,
  type Store,
  settleUnknown,
} from '@campaign-manager/core/store';
import type { ApiContext } from '../context.js';
import { tell } from './tell.js';

/** An operator's word on a message that nobody knows about. */
export interface Resolution {
  readonly action: 'confirm' | 'abandon' | 'resend';
  readonly note?: string;
}

export interface Resolved {
  readonly _id: string;
  readonly status: 'sent' | 'abandoned';
  /** The key under which it is sent again. */
  readonly resent_as?: string;
}

/**
 * Settles an `unknown` row as the operator says. A resend is done in an order in which a crash loses nothing and sends
 * nothing twice: it is noted in the row, then told to the conversation under an id of its own, then the row is given up.
 * Until then the row is `unknown` for all to see, and saying `resend` again finishes it.
 * @throws NotFoundError, ConflictError where the row is not `unknown` (any more), its conversation takes no resend, or
 * one was begun already and another word is given.
 */
export async function resolveMessage(
  context: ApiContext,
  key: string,
  { action, note }: Resolution,
  by: string,
): Promise<Resolved> {
  const [row] = await loadMessages(context.store, [key]);
  if (!row) throw new NotFoundError('message', key);
  if (action === 'resend' && row.status === 'abandoned' && row.resend) return resent(key);
  if (row.status !== 'unknown') throw notUnknown(key, row.status);
  const word = { row, action, note, by };
  return action === 'resend' ? resend(context, word) : settleAs(context, { ...word, action });
}

interface Word<A extends Resolution['action'] = Resolution['action']> {
  readonly row: MessageDocument;
  readonly action: A;
  readonly note: string | undefined;
  readonly by: string;
}

async function resend(context: ApiContext, word: Word): Promise<Resolved> {
  const { store, clock } = context;
  const { row, by } = word;
  const { _id: key } = row;
  const conversation = await loadConversation(store, row.conversation_id);
  if (conversation.status !== 'active') throw takesNone(conversation);
  if (!(await beginResend(store, key, { by, at: clock.now() }))) throw notUnknown(key, 'settled meanwhile');
  await tell(context, conversation, { name: 'resend', key }, by, `resend:${key}`);
  await auditWord(context, word);
  const settled = await settleUnknown(store, key, 'abandoned', attemptOf(context, word, 'abandoned'), true);
  return settled ? resent(key) : { ...resent(key), ...(await loadStatus(store, key)) };
}

/** Another operator finished the same resend, or the provider's answer came after all. */
async function loadStatus(store: Store, key: string): Promise<Pick<Resolved, 'status'>> {
  const [row] = await loadMessages(store, [key]);
  return { status: row?.status === 'sent' ? 'sent' : 'abandoned' };
}

async function settleAs(context: ApiContext, word: Word<'confirm' | 'abandon'>): Promise<Resolved> {
  const { store } = context;
  const { row } = word;
  const begun = row.resend !== undefined;
  if (begun && (await isOpen(store, row.conversation_id))) throw resendBegun(row);
  const status = word.action === 'confirm' ? 'sent' : 'abandoned';
  const settled = await settleUnknown(store, row._id, status, attemptOf(context, word, status), begun);
  if (!settled) throw notUnknown(row._id, 'settled meanwhile');
  await auditWord(context, word);
  return { _id: row._id, status };
}

/** A conversation that is over will not send again, whatever was begun. */
async function isOpen(store: Store, conversationId: string): Promise<boolean> {
  return (await loadConversation(store, conversationId)).status !== 'completed';
}

function attemptOf({ clock }: ApiContext, { row, note, by }: Word, outcome: Resolved['status']): Attempt {
  const reason = `operator ${by}${note === undefined ? '' : `: ${note}`}`;
  return { n: row.attempt, at: clock.now(), outcome, reason };
}

function auditWord({ store, clock }: ApiContext, { row, action, note, by }: Word): Promise<void> {
  return audit(store, {
    at: new Date(clock.now()),
    by,
    action: `message.${action}`,
    target: row._id,
    ...(note !== undefined && { detail: { note } }),
  });
}

function resent(key: string): Resolved {
  return { _id: key, status: 'abandoned', resent_as: resendKey(key) };
}

function takesNone({ _id, status }: ConversationDocument): ConflictError {
  return new ConflictError(`Conversation '${_id}' is ${status}: it cannot send a message again.`);
}

function resendBegun({ _id, resend: begun }: MessageDocument): ConflictError {
  return new ConflictError(`A resend of message '${_id}' was begun by '${begun?.by}': only \`resend\` can finish it.`);
}

function notUnknown(key: string, status: string): ConflictError {
  return new ConflictError(`Message '${key}' is ${status}; only an unknown one can be resolved.`);
}
