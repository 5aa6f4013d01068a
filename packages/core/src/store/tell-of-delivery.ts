import type { MessageDocument } from '../models/documents.js';
import { type Added, addEvent } from './add-event.js';
import { campaignTime } from './campaign-clock.js';
import { loadCampaign } from './campaigns.js';
import type { Store } from './connect-store.js';

/**
 * Tells a conversation, once, that one of its messages was settled in a way it should know of now: a `delivery` event
 * that makes it due at once and carries no facts, for the ledger has them. `now` is wall clock.
 */
export async function tellOfDelivery(
  store: Store,
  row: Pick<MessageDocument, '_id' | 'conversation_id' | 'campaign_id' | 'attempt'>,
  status: MessageDocument['status'],
  now: number,
): Promise<Added> {
  const campaign = await loadCampaign(store, row.campaign_id);
  return addEvent(store, row.conversation_id, {
    id: `delivery:${row._id}:${row.attempt}:${status}`,
    type: 'delivery',
    at: campaignTime(campaign, now),
    key: row._id,
  });
}
