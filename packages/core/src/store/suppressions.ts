import type { SuppressionDocument } from '../models/documents.js';
import type { ChannelName } from '../schemas/campaign.js';
import type { SuppressionReason } from '../schemas/suppression.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** An address that must not be written to, and why. */
export interface NewSuppression {
  readonly channel: ChannelName;
  readonly address: string;
  readonly reason: SuppressionReason;
  /** Where it comes from: the key of a message, the id of a response, a name that an operator gave. */
  readonly source?: string;
  readonly createdAt: Date;
}

/** The id of a suppression: addresses are compared without regard to case. */
export function suppressionId(channel: ChannelName, address: string): string {
  return `${channel}:${address.trim().toLowerCase()}`;
}

/** Channel and address of a suppression's id. */
export function parseSuppressionId(id: string): { readonly channel: string; readonly address: string } {
  const colon = id.indexOf(':');
  return { channel: id.slice(0, colon), address: id.slice(colon + 1) };
}

/**
 * Puts addresses on the list, and answers how many were not there yet. One that is there stays as it is, with the
 * reason that it came with first: doing this again changes nothing. But a bounce gives way to every other reason: it says
 * nothing of what a person wants, and goes when they are erased.
 */
export async function addSuppressions(store: Store, added: readonly NewSuppression[]): Promise<number> {
  const documents = new Map(added.map(toDocument).map((document) => [document._id, document]));
  if (documents.size === 0) return 0;
  const { upsertedCount } = await driver(store.suppressions).bulkWrite(
    [...documents.values()].map((document) => ({
      updateOne: { filter: { _id: document._id }, update: [{ $replaceWith: orThatOf(document) }], upsert: true },
    })),
    { ordered: false },
  );
  return upsertedCount;
}

/** The document, or what is there in its place. */
function orThatOf(document: SuppressionDocument): object {
  const givesWay = document.reason === 'bounce' ? [null] : [null, 'bounce'];
  const present = { $ifNull: ['$reason', null] };
  return { $cond: [{ $in: [present, givesWay] }, { $literal: document }, '$$ROOT'] };
}

function toDocument({ channel, address, reason, source, createdAt }: NewSuppression): SuppressionDocument {
  return {
    _id: suppressionId(channel, address),
    reason,
    ...(source !== undefined && { source }),
    created_at: createdAt,
  };
}

export async function findSuppression(store: Store, id: string): Promise<SuppressionDocument | null> {
  return (await driver(store.suppressions).findOne({ _id: id })) as SuppressionDocument | null;
}

/** Takes an address off the list; answers false where it was not on it. */
export async function removeSuppression(store: Store, id: string): Promise<boolean> {
  return (await driver(store.suppressions).deleteOne({ _id: id })).deletedCount === 1;
}

/** A page of the list by id, of one channel or of all. */
export function suppressionsPage(
  store: Store,
  channel: ChannelName | undefined,
  after: string,
  limit: number,
): Promise<SuppressionDocument[]> {
  return driver(store.suppressions)
    .find(channel === undefined ? { _id: { $gt: after } } : { _id: ofChannel(channel, after) })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray() as Promise<SuppressionDocument[]>;
}

/** `;` follows `:`, so that the range holds every id of the channel and no other. */
function ofChannel(channel: ChannelName, after: string): { $gt: string; $lt: string } {
  const first = `${channel}:`;
  return { $gt: after > first ? after : first, $lt: `${channel};` };
}
