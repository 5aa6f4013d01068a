import { toMongo } from '../ledger/to-mongo.js';
import { transition } from '../ledger/transition.js';
import type { MessageDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

export type SweptRow = Pick<
  MessageDocument,
  '_id' | 'conversation_id' | 'campaign_id' | 'channel' | 'policy' | 'fence' | 'attempt' | 'lost_leases'
>;

/** What became of a row whose lease ran out. */
export type Expired = 'unknown' | 'retry' | 'quarantined';

/** Rows that are `sending` beyond their lease: nobody knows what became of them. */
export function expiredLeases(store: Store, now: number, limit: number): Promise<SweptRow[]> {
  return driver(store.messages)
    .find({ status: 'sending', due_at: { $lte: now } })
    .project<SweptRow>({
      conversation_id: 1,
      campaign_id: 1,
      channel: 1,
      policy: 1,
      fence: 1,
      attempt: 1,
      lost_leases: 1,
    })
    .sort({ due_at: 1 })
    .limit(limit)
    .toArray();
}

/**
 * Gives up on a lease by policy: `at_most_once` makes the row `unknown`, for an operator to decide; `at_least_once` lets
 * it be sent again under the same key, unless it took too many workers with it. Compare-and-set on the fence; null where
 * somebody was faster. `random` is from 0 to 1. Where the row became `unknown`, its conversation has to be told.
 */
export async function expireLease(store: Store, row: SweptRow, now: number, random: number): Promise<Expired | null> {
  const change = transition({ kind: 'lease_expired', row, now, random });
  const { filter, update } = toMongo(change);
  const result = await driver(store.messages).updateOne({ _id: row._id, ...filter }, update as never);
  if (result.modifiedCount === 0) return null;
  if (change.write.set.status === 'retry') return 'retry';
  return change.write.push?.reason === 'quarantined' ? 'quarantined' : 'unknown';
}

/** Keys of one campaign whose next attempt is due until `until`. */
export async function dueRetries(store: Store, campaignId: string, until: number, limit: number) {
  return driver(store.messages)
    .find({ campaign_id: campaignId, status: 'retry', due_at: { $lte: until } })
    .project<{ _id: string; due_at: number; attempt: number }>({ due_at: 1, attempt: 1 })
    .sort({ due_at: 1 })
    .limit(limit)
    .toArray();
}

/** Whether anything of the campaign may still be sent. */
export async function hasOpenRows(store: Store, campaignId: string): Promise<boolean> {
  const row = await driver(store.messages).findOne(
    { campaign_id: campaignId, status: { $in: ['sending', 'retry'] }, due_at: { $gte: 0 } },
    { projection: { _id: 1 } },
  );
  return row !== null;
}

/** Withdraws everything of a campaign that waits for another attempt; what is on the wire ends by itself. */
export async function cancelRetries(store: Store, campaignId: string, now: number): Promise<number> {
  let withdrawn = 0;
  for (const inDoubt of [false, true]) {
    const { filter, update } = toMongo(transition({ kind: 'campaign_closed', now, inDoubt }));
    // Every open row is due at some time; naming it lets the query use the index of open rows.
    const open = { campaign_id: campaignId, due_at: { $gte: 0 }, ...filter };
    withdrawn += (await driver(store.messages).updateMany(open as never, update as never)).modifiedCount;
  }
  return withdrawn;
}

/** Puts off rows that wait for another attempt, because their channel cannot take them now. */
export async function postponeRetries(
  store: Store,
  rows: readonly { readonly key: string; readonly dueAt: number }[],
): Promise<void> {
  if (rows.length === 0) return;
  await driver(store.messages).bulkWrite(
    rows.map(({ key, dueAt }) => {
      const { filter, update } = toMongo(transition({ kind: 'postponed', dueAt }));
      return { updateOne: { filter: { _id: key, ...filter }, update } };
    }) as never,
    { ordered: false },
  );
}
