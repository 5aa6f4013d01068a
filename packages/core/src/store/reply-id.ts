import { hash } from 'node:crypto';
import type { ConversationDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
/** Five bytes, as many as a number holds with ease, are eight characters of five bits. */
const BYTES = 5;
const CHARACTERS = 8;

/**
 * A conversation's short id for addresses, where its own, up to 257 characters, has no room: 80 bits of its SHA-256 as
 * 16 letters and digits in lower case (RFC 4648, section 6). Among a thousand million conversations, two share one with
 * a probability below one in a million.
 */
export function replyIdOf(conversationId: string): string {
  const digest = hash('sha256', conversationId, 'buffer');
  return base32(digest.readUIntBE(0, BYTES)) + base32(digest.readUIntBE(BYTES, BYTES));
}

function base32(number: number): string {
  let rest = number;
  let text = '';
  for (let i = 0; i < CHARACTERS; i += 1) {
    text = BASE32[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

type Found = Pick<ConversationDocument, '_id' | 'campaign_id' | 'recipient_id'>;

/** The conversation with that short id; null where there is none, or where an older version made it without one. */
export function findByReplyId(store: Store, replyId: string): Promise<Found | null> {
  return driver(store.conversations).findOne<Found>(
    { reply_id: replyId },
    { projection: { campaign_id: 1, recipient_id: 1 } },
  );
}
