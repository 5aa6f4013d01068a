import { type MessageRef, parseMessageKey } from '@campaign-manager/core/engine';

/** The header in which an email carries its ledger key. */
export const KEY_HEADER = 'x-campaign-message';

/** A ledger key taken apart. */
export interface ReadKey extends MessageRef {
  readonly campaignId: string;
  readonly recipientId: string;
  readonly conversationId: string;
  /** The key of the first sending, where this is an operator's resend. */
  readonly baseKey: string;
  readonly resend: number;
}

/** Takes a ledger key apart; null where it is none. */
export function readKey(key: string): ReadKey | null {
  const [campaignId, recipientId] = key.split('/');
  if (campaignId === undefined || recipientId === undefined) return null;
  const conversationId = `${campaignId}/${recipientId}`;
  const ref = parseMessageKey(conversationId, key);
  return ref && { ...ref, campaignId, recipientId, conversationId, baseKey: key.replace(/\/r\d+$/, '') };
}

/** The id of the reply to a message in a prediction. */
export function replyId(baseKey: string): string {
  return `reply:${baseKey.replaceAll('/', ':')}`;
}
