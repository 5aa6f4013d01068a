import { randomUUID } from 'node:crypto';
import type { AuditDocument } from '../../models/documents.js';
import type { Store } from '../connect-store.js';
import { driver } from '../connect-store.js';

export const ERASURE = 'recipient.erase';

/** Collections from which something was erased, and how many documents of each it concerned. */
export type ErasedCounts = Readonly<Record<string, number>>;

/** What a receipt says, in its entry of the audit log. It names nobody but by the recipient's id. */
export interface ErasureDetail {
  readonly status: 'pending' | 'complete';
  readonly completed_at?: Date;
  readonly erased: ErasedCounts;
  /** Open conversations that were ended. */
  readonly ended: number;
  /** Addresses that stay on the list of suppressions. */
  readonly suppressed: number;
  /** Campaigns that were making their conversations while a member of theirs was erased. */
  readonly awaited: readonly string[];
}

export type ErasureReceipt = Omit<AuditDocument, 'detail'> & { readonly detail: ErasureDetail };

/** Entries of the audit log that are receipts of these recipients; campaigns and templates may have the same ids. Pure. */
export function receiptsOf(recipientIds: readonly string[]) {
  return { target: { $in: [...recipientIds] }, action: ERASURE };
}

/** Which of these recipients were erased, or are being erased, and have not been brought in anew. */
export async function erasedAmong(store: Store, recipientIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (recipientIds.length === 0) return new Set();
  const erased: string[] = await driver(store.auditLog).distinct('target', receiptsOf(recipientIds));
  if (erased.length === 0) return new Set();
  const present: string[] = await driver(store.recipients).distinct('_id', { _id: { $in: erased } });
  return new Set(erased.filter((id) => !present.includes(id)));
}

/** The receipt of an erasure that is not complete; null where none is. */
export function findOpenReceipt(store: Store, recipientId: string): Promise<ErasureReceipt | null> {
  return newest(store, { target: recipientId, action: ERASURE, 'detail.status': 'pending' });
}

export function findCompleteReceipt(store: Store, recipientId: string): Promise<ErasureReceipt | null> {
  return newest(store, { target: recipientId, action: ERASURE, 'detail.status': 'complete' });
}

/** Writes down that an erasure begins, before anything is erased. */
export async function openReceipt(store: Store, recipientId: string, by: string, now: number): Promise<ErasureReceipt> {
  const detail: ErasureDetail = { status: 'pending', erased: {}, ended: 0, suppressed: 0, awaited: [] };
  const receipt = { _id: randomUUID(), at: new Date(now), by, action: ERASURE, target: recipientId, detail };
  await driver(store.auditLog).insertOne(receipt as unknown as AuditDocument);
  return receipt;
}

/** Counts what was erased from a collection. A crash in between leaves it out: what is erased is not counted again. */
export async function countErased(store: Store, receipt: ErasureReceipt, what: string, count: number): Promise<void> {
  if (count > 0) await change(store, receipt, { $inc: { [`detail.${what}`]: count } });
}

export async function noteSuppressed(store: Store, receipt: ErasureReceipt, count: number): Promise<void> {
  await change(store, receipt, { $max: { 'detail.suppressed': count } });
}

export async function awaitCampaigns(store: Store, receipt: ErasureReceipt, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await change(store, receipt, { $addToSet: { 'detail.awaited': { $each: ids } } });
}

/** The receipt is complete, but for an erasure that found nothing after an earlier one: that one's receipt stands. */
export async function closeReceipt(store: Store, receipt: ErasureReceipt, now: number): Promise<ErasureReceipt> {
  const { erased, ended } = (await readReceipt(store, receipt)).detail;
  const earlier = await findCompleteReceipt(store, receipt.target);
  if (earlier && ended === 0 && Object.keys(erased).length === 0) {
    await driver(store.auditLog).deleteOne({ _id: receipt._id });
    return earlier;
  }
  await change(store, receipt, { $set: { 'detail.status': 'complete', 'detail.completed_at': new Date(now) } });
  return readReceipt(store, receipt);
}

export async function readReceipt(store: Store, { _id }: Pick<ErasureReceipt, '_id'>): Promise<ErasureReceipt> {
  return (await driver(store.auditLog).findOne({ _id })) as unknown as ErasureReceipt;
}

/** A page of all receipts, oldest first. `after` is '' or the id of the last one of the page before. */
export async function listReceipts(store: Store, after: string, limit: number): Promise<ErasureReceipt[]> {
  const last = after === '' ? null : await driver(store.auditLog).findOne({ _id: after });
  const keyset = last && { $or: [{ at: { $gt: last.at } }, { at: last.at, _id: { $gt: last._id } }] };
  return driver(store.auditLog)
    .find({ action: ERASURE, ...(last && { at: { $gte: last.at } }), ...keyset } as never)
    .sort({ at: 1, _id: 1 })
    .limit(limit)
    .toArray() as Promise<unknown[]> as Promise<ErasureReceipt[]>;
}

async function newest(store: Store, filter: object): Promise<ErasureReceipt | null> {
  const found = driver(store.auditLog).find(filter).sort({ at: -1 }).limit(1);
  return ((await found.next()) ?? null) as unknown as ErasureReceipt | null;
}

async function change(store: Store, { _id }: ErasureReceipt, update: object): Promise<void> {
  await driver(store.auditLog).updateOne({ _id }, update as never);
}
