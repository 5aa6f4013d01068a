import { toMongo } from '../ledger/to-mongo.js';
import { transition } from '../ledger/transition.js';
import type { Attempt, MessageDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/**
 * Notes in an `unknown` row that an operator has it sent again, before anything else is done about it: from then on
 * nobody can settle it otherwise, and it stays `unknown`, for all to see, until the resend is in its conversation.
 * Answers false where the row is not `unknown` (any more). Doing it again changes nothing.
 */
export async function beginResend(
  store: Store,
  key: string,
  resend: NonNullable<MessageDocument['resend']>,
): Promise<boolean> {
  const { filter, update } = toMongo(transition({ kind: 'resend_begun', resend }));
  const begun = await driver(store.messages).updateOne({ _id: key, ...filter }, update as never);
  if (begun.matchedCount === 1) return true;
  return (await driver(store.messages).countDocuments({ _id: key, status: 'unknown' }, { limit: 1 })) === 1;
}

/**
 * An operator's word on a message nobody knows about: it arrived (`sent`), or it is given up (`abandoned`). `resend`
 * says whether one was begun as far as the operator saw; another operator's word in between makes this one void.
 * Answers false where the row is not `unknown` (any more), or not as it was seen.
 */
export async function settleUnknown(
  store: Store,
  key: string,
  status: 'sent' | 'abandoned',
  attempt: Attempt,
  resend = false,
): Promise<boolean> {
  const { filter, update } = toMongo(transition({ kind: 'resolved', status, attempt, resending: resend }));
  const result = await driver(store.messages).updateOne({ _id: key, ...filter }, update as never);
  return result.matchedCount === 1;
}
