import type { EscalationEffect } from '../engine/types.js';
import type { EscalationDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** Records escalations under their deterministic ids; one that exists stays as it is. `at` is wall clock. */
export async function recordEscalations(
  store: Store,
  escalations: readonly {
    readonly conversationId: string;
    readonly campaignId: string;
    readonly effect: EscalationEffect;
  }[],
  at: number,
): Promise<void> {
  if (escalations.length === 0) return;
  await driver(store.escalations).bulkWrite(
    escalations.map(({ conversationId, campaignId, effect }) => ({
      updateOne: {
        filter: { _id: effect.key },
        update: {
          $setOnInsert: {
            campaign_id: campaignId,
            conversation_id: conversationId,
            stage: effect.stage,
            action: effect.action,
            status: 'open' as const,
            opened_at: at,
            notified_at: null,
            resolved_at: null,
          },
        },
        upsert: true,
      },
    })),
    { ordered: false },
  );
}

/** Resolves every open escalation of a conversation, but for the one that its state says is open. */
export async function resolveEscalations(
  store: Store,
  conversationId: string,
  except: string | null,
  at: number,
): Promise<number> {
  const result = await driver(store.escalations).updateMany(
    { conversation_id: conversationId, status: 'open', ...(except !== null && { _id: { $ne: except } }) },
    { $set: { status: 'resolved', resolved_at: at } },
  );
  return result.modifiedCount;
}

export function loadEscalation(store: Store, id: string): Promise<EscalationDocument | null> {
  return driver(store.escalations).findOne({ _id: id }) as Promise<EscalationDocument | null>;
}

/** False where somebody else has noted it already. */
export async function markNotified(store: Store, id: string, at: number): Promise<boolean> {
  const result = await driver(store.escalations).updateOne(
    { _id: id, notified_at: null },
    { $set: { notified_at: at } },
  );
  return result.modifiedCount === 1;
}

export type Unnotified = Pick<EscalationDocument, '_id' | 'opened_at'>;

/** Escalations that nobody has been told of since before `before`, oldest first, by keyset. */
export function unnotifiedEscalations(
  store: Store,
  before: number,
  limit: number,
  after?: Unnotified,
): Promise<Unnotified[]> {
  const keyset = after && {
    $or: [{ opened_at: { $gt: after.opened_at } }, { opened_at: after.opened_at, _id: { $gt: after._id } }],
  };
  return driver(store.escalations)
    .find({ notified_at: null, opened_at: { $gte: after?.opened_at ?? 0, $lte: before }, ...keyset } as never)
    .project<Unnotified>({ opened_at: 1 })
    .sort({ opened_at: 1, _id: 1 })
    .limit(limit)
    .toArray();
}
