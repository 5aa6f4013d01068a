import { isResend, resentKey } from '@campaign-manager/core/engine';
import { isInGap, loadMessages, type Store } from '@campaign-manager/core/store';
import type { Delivery } from './delivery.js';

/**
 * Which of these may have gone out before the database was restored. A resend goes out where an operator asked for it
 * after the restore; one that was under way in the backup may have left like everything else.
 */
export async function inDoubt(store: Store, deliveries: readonly Delivery[]): Promise<ReadonlySet<Delivery>> {
  const decidedInGap = deliveries.filter(
    ({ campaign, effect, existing }) => existing === null && isInGap(campaign, effect.decided_at),
  );
  const resends = decidedInGap.filter(({ conversationId, effect }) => isResend(conversationId, effect));
  const asked = await askedAt(store, resends);
  return new Set(
    decidedInGap.filter(({ campaign, effect }) => !((asked.get(effect.key) ?? 0) > (campaign.restored_at ?? 0))),
  );
}

/** When an operator asked for each of these resends, by their keys. Wall clock. */
async function askedAt(store: Store, resends: readonly Delivery[]): Promise<ReadonlyMap<string, number | undefined>> {
  if (resends.length === 0) return new Map();
  const originals = await loadMessages(
    store,
    resends.map(({ effect }) => resentKey(effect.key)),
  );
  const byKey = new Map(originals.map(({ _id, resend }) => [_id, resend?.at]));
  return new Map(resends.map(({ effect: { key } }) => [key, byKey.get(resentKey(key))]));
}
