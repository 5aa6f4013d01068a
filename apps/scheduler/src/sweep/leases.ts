import { expiredLeases, expireLease, type SweptRow, tellOfDelivery } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { repaired } from '@campaign-manager/runtime';
import type { SweepStep } from './step.js';

const LIMIT = 500;

/** `sending` beyond its lease: unknown, or sent again, by the row's policy. Each one that is found can be repaired. */
export const sweepLeases: SweepStep = async (context, { now }) => {
  const expired: string[] = [];
  try {
    for (const row of await expiredLeases(context.store, now, LIMIT)) {
      const became = await expireLease(context.store, row, now, Math.random());
      if (became === null) continue;
      expired.push(row._id);
      if (became === 'quarantined') quarantined(context, row);
      if (became !== 'retry') await wake(context, row, now);
    }
  } finally {
    repaired(context, 'expired_lease', expired, 'Messages were being sent when their worker was lost');
  }
};

function quarantined({ metrics, logger }: Ports, { _id, channel }: SweptRow): void {
  metrics.quarantined.inc({ channel });
  logger.error(
    { key: _id, channel },
    'A message took too many workers with it: an operator decides what becomes of it',
  );
}

async function wake({ store, producers }: Ports, row: SweptRow, now: number): Promise<void> {
  await tellOfDelivery(store, row, 'unknown', now);
  await producers.add('conversations', [{ name: 'advance', payload: { conversation_id: row.conversation_id } }]);
}
