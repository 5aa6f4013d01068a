import { randomUUID } from 'node:crypto';
import { conversationId } from '../engine/keys.js';
import type { Variables } from '../engine/types.js';
import type { AudienceMemberDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { atOnce, driver } from './connect-store.js';
import { ConflictError } from './errors.js';
import { childrenOf } from './prefix-range.js';

export interface NewMember {
  readonly recipient_id: string;
  /** Already expanded into nested objects. */
  readonly context: Variables;
}

/** Adds members to a campaign's audience, replacing those that are in it already. */
export async function addAudienceMembers(
  store: Store,
  campaignId: string,
  members: readonly NewMember[],
): Promise<void> {
  if (members.length === 0) return;
  await driver(store.audienceMembers).bulkWrite(
    members.map(({ recipient_id, context }) => ({
      replaceOne: {
        filter: { _id: conversationId(campaignId, recipient_id) },
        replacement: { campaign_id: campaignId, recipient_id, context } as AudienceMemberDocument,
        upsert: true,
      },
    })),
    { ordered: false },
  );
}

/** The next page of an audience, by id; `after` is '' or the last id of the page before. */
export function audiencePage(
  store: Store,
  campaignId: string,
  after: string,
  limit: number,
): Promise<AudienceMemberDocument[]> {
  const range = childrenOf(campaignId);
  return driver(store.audienceMembers)
    .find({ _id: { ...range, ...(after !== '' && { $gt: after }) } }, atOnce(limit))
    .sort({ _id: 1 })
    .limit(limit)
    .toArray() as Promise<AudienceMemberDocument[]>;
}

export function audienceSize(store: Store, campaignId: string): Promise<number> {
  return driver(store.audienceMembers).countDocuments({ _id: childrenOf(campaignId) });
}

/**
 * Marks a streaming import into a draft's audience as under way until `until`; launching waits for it. The lease makes
 * sure that an import whose process died does not stand in the way for ever.
 * @throws ConflictError where the campaign is no draft any more.
 */
export async function openImport(store: Store, campaignId: string, until: number): Promise<string> {
  const id = randomUUID();
  const result = await driver(store.campaigns).updateOne(
    { _id: campaignId, status: 'draft' },
    { $push: { open_imports: { id, until } }, $inc: { revision: 1 } },
  );
  if (result.matchedCount === 0) throw frozen(campaignId);
  return id;
}

/** @throws ConflictError where the campaign is no draft any more, because the lease ran out and it was launched. */
export async function renewImport(store: Store, campaignId: string, id: string, until: number): Promise<void> {
  const result = await driver(store.campaigns).updateOne(
    { _id: campaignId, status: 'draft', 'open_imports.id': id },
    { $set: { 'open_imports.$.until': until } },
  );
  if (result.matchedCount === 0) throw frozen(campaignId);
}

export async function closeImport(store: Store, campaignId: string, id: string): Promise<void> {
  await driver(store.campaigns).updateOne({ _id: campaignId }, { $pull: { open_imports: { id } } });
}

/**
 * Forgets leases of imports that ran out before `before`: their process died. Such an import keeps nobody from launching
 * as it is; this only keeps the list short. Answers the ids of the campaigns that it changed.
 */
export async function forgetExpiredImports(store: Store, before: number, limit: number): Promise<string[]> {
  const expired = { until: { $lte: before } };
  const campaigns = await driver(store.campaigns)
    .find({ 'open_imports.until': { $lte: before } })
    .project<{ _id: string }>({ _id: 1 })
    .limit(limit)
    .toArray();
  const changed: string[] = [];
  for (const { _id } of campaigns) {
    const result = await driver(store.campaigns).updateOne({ _id }, { $pull: { open_imports: expired } } as never);
    if (result.modifiedCount === 1) changed.push(_id);
  }
  return changed;
}

function frozen(campaignId: string): ConflictError {
  return new ConflictError(`The audience of campaign '${campaignId}' is frozen: it is no draft any more.`);
}
