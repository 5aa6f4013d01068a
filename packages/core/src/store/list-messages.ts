import type { MessageDocument, RowStatus, UNSENT_STATUSES } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { childrenOf } from './prefix-range.js';

/** A page of ledger rows below a campaign or a conversation, by key. */
export function listMessages(
  store: Store,
  parent: { readonly campaignId: string } | { readonly conversationId: string },
  status: RowStatus | undefined,
  after: string,
  limit: number,
): Promise<MessageDocument[]> {
  const prefix = 'campaignId' in parent ? parent.campaignId : parent.conversationId;
  return driver(store.messages)
    .find({
      _id: { ...childrenOf(prefix), ...(after !== '' && { $gt: after }) },
      ...('campaignId' in parent && { campaign_id: parent.campaignId }), // leads the indexes by status
      ...(status !== undefined && { status }),
    })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray() as Promise<MessageDocument[]>;
}

/** A page of ledger rows of all campaigns that ended in a state which operators look at, by key. */
export function listUnsent(
  store: Store,
  status: (typeof UNSENT_STATUSES)[number],
  after: string,
  limit: number,
): Promise<MessageDocument[]> {
  return driver(store.messages)
    .find({ status, _id: { $gt: after } })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray() as Promise<MessageDocument[]>;
}
