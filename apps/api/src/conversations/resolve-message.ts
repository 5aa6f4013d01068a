import { resendKey } from '@campaign-manager/core/engine';
import type { MessageDocument } from '@campaign-manager/core/models';
import {
  audit,
  ConflictError,
  loadConversation,
  loadMessages,
  NotFoundError,
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
 * Settles an `unknown` row as the operator says. A resend first abandons the row, so that of two operators one resends.
 * @throws NotFoundError, ConflictError where the row is not `unknown` (any more) or its conversation takes no resend.
 */
export async function resolveMessage(
  context: ApiContext,
  key: string,
  { action, note }: Resolution,
  by: string,
): Promise<Resolved> {
  const { store, clock } = context;
  const [row] = await loadMessages(store, [key]);
  if (!row) throw new NotFoundError('message', key);
  const conversation = action === 'resend' ? await activeConversation(context, row) : null;
  const status = action === 'confirm' ? 'sent' : 'abandoned';
  const at = clock.now();
  const reason = `operator ${by}${note === undefined ? '' : `: ${note}`}`;
  if (row.status !== 'unknown') throw notUnknown(key, row.status);
  const settled = await settleUnknown(store, key, status, { n: row.attempt, at, outcome: status, reason });
  if (!settled) throw notUnknown(key, 'settled meanwhile');
  await audit(store, {
    at: new Date(at),
    by,
    action: `message.${action}`,
    target: key,
    ...(note !== undefined && { detail: { note } }),
  });
  if (conversation) await tell(context, conversation, { name: 'resend', key }, by);
  return { _id: key, status, ...(conversation && { resent_as: resendKey(key) }) };
}

async function activeConversation({ store }: ApiContext, { conversation_id }: MessageDocument) {
  const conversation = await loadConversation(store, conversation_id);
  if (conversation.status === 'active') return conversation;
  throw new ConflictError(
    `Conversation '${conversation_id}' is ${conversation.status}: it cannot send a message again.`,
  );
}

function notUnknown(key: string, status: string): ConflictError {
  return new ConflictError(`Message '${key}' is ${status}; only an unknown one can be resolved.`);
}
