import { createHash } from 'node:crypto';
import type { ResponseDocument } from '@campaign-manager/core/models';
import { loadRecipients, type Store } from '@campaign-manager/core/store';
import { type ExpectedAnswers, type InboundMail, meaningOf, ownText } from '@campaign-manager/mail';
import type { Found } from './find-conversation.js';

/**
 * The same for every delivery of a mail: its Message-ID, or all of it where it has none. The conversation is part of
 * it, because a Message-ID is what its sender says.
 */
export function responseId(mail: InboundMail, raw: Buffer, conversationId: string): string {
  const own = mail.header('message-id')[0]?.trim() || raw;
  return `mail:${createHash('sha256').update(`${conversationId}\n`).update(own).digest('hex').slice(0, 40)}`;
}

/** A mail as the response that it is: what its author wrote, and what that means to the campaign. */
export function toResponse(
  mail: InboundMail,
  id: string,
  { id: conversation_id, campaignId: campaign_id }: Found,
  expected: ExpectedAnswers,
  receivedAt: number,
): ResponseDocument {
  const text = ownText(mail.text);
  return {
    _id: id,
    conversation_id,
    campaign_id,
    status: 'received',
    received_at: receivedAt,
    text,
    ...meaningOf(text, expected),
  };
}

/** Whether a reply came from another address than we write to: people have several. False where there is nothing to compare. */
export async function isFromElsewhere(store: Store, { from }: InboundMail, recipientId: string): Promise<boolean> {
  const email = (await loadRecipients(store, [recipientId])).get(recipientId)?.email;
  return typeof email === 'string' && email.toLowerCase() !== from.toLowerCase();
}
