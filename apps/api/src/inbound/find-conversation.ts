import { findByReplyId, type Store } from '@campaign-manager/core/store';
import type { Owner } from '@campaign-manager/mail';

/** The conversation that a mail belongs to. */
export interface Found {
  readonly id: string;
  readonly campaignId: string;
  readonly recipientId: string;
}

/**
 * Whose mail it is: by the address that it came to, else by the message that it answers. Null: nothing in it carries a
 * signature of ours. A signature is proof enough: where its conversation is gone by now, or is of an older version and has
 * no short id, one is answered that does not exist, under an id that none can have.
 */
export async function findConversation(store: Store, { replyId, messageKey }: Owner): Promise<Found | null> {
  const byAddress = replyId === undefined ? null : await findByReplyId(store, replyId);
  if (byAddress) {
    return { id: byAddress._id, campaignId: byAddress.campaign_id, recipientId: byAddress.recipient_id };
  }
  const [campaignId, recipientId] = messageKey?.split('/') ?? [];
  if (campaignId !== undefined && recipientId !== undefined) {
    return { id: `${campaignId}/${recipientId}`, campaignId, recipientId };
  }
  return replyId === undefined ? null : { id: `?/${replyId}`, campaignId: '?', recipientId: replyId };
}
