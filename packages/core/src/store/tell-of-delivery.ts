import { toMongo } from '../ledger/to-mongo.js';
import { transition } from '../ledger/transition.js';
import type { MessageDocument } from '../models/documents.js';
import { type Added, addEvent } from './add-event.js';
import { campaignTime } from './campaign-clock.js';
import { loadCampaign } from './campaigns.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** A row that ended in a way its conversation should know of now. */
export type UntoldRow = Pick<MessageDocument, '_id' | 'conversation_id' | 'campaign_id' | 'attempt' | 'status'>;

/**
 * Tells a conversation, once, that one of its messages was settled in a way it should know of now: a `delivery` event
 * that makes it due at once and carries no facts, for the ledger has them. The row remembers until then that it has to
 * be told, so a crash on the way only delays it. `now` is wall clock. `full`: it stays to be told.
 */
export async function tellOfDelivery(
  store: Store,
  row: Omit<UntoldRow, 'status'>,
  status: MessageDocument['status'],
  now: number,
): Promise<Added> {
  const campaign = await loadCampaign(store, row.campaign_id);
  const added = await addEvent(store, row.conversation_id, {
    id: `delivery:${row._id}:${row.attempt}:${status}`,
    type: 'delivery',
    at: campaignTime(campaign, now),
    key: row._id,
  });
  if (added === 'full') return added;
  const { filter, update } = toMongo(transition({ kind: 'told', status, attempt: row.attempt }));
  await driver(store.messages).updateOne({ _id: row._id, ...filter }, update as never);
  return added;
}

/** Rows that ended by `before` and that their conversations have not been told of, longest first. */
export function untoldOutcomes(store: Store, before: number, limit: number): Promise<UntoldRow[]> {
  return driver(store.messages)
    .find({ tell: true, settled_at: { $lte: before } })
    .project<UntoldRow>({ conversation_id: 1, campaign_id: 1, attempt: 1, status: 1 })
    .sort({ settled_at: 1 })
    .limit(limit)
    .toArray();
}
