import { expiredLeases, expireLease, type SweptRow, tellOfDelivery } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { repaired } from './repaired.js';
import type { SweepStep } from './sweep.js';

const LIMIT = 500;

/** `sending` beyond its lease: unknown, or sent again, by the row's policy. Each one that is found can be repaired. */
export const sweepLeases: SweepStep = async (context, { now }) => {
  const expired: string[] = [];
  try {
    for (const row of await expiredLeases(context.store, now, LIMIT)) {
      if (!(await expireLease(context.store, row, now))) continue;
      expired.push(row._id);
      if (row.policy === 'at_most_once') await wake(context, row, now);
    }
  } finally {
    repaired(context, 'expired_lease', expired, 'Messages were being sent when their worker was lost');
  }
};

async function wake({ store, producers }: Ports, row: SweptRow, now: number): Promise<void> {
  await tellOfDelivery(store, row, 'unknown', now);
  await producers.add('conversations', [{ name: 'advance', payload: { conversation_id: row.conversation_id } }]);
}
