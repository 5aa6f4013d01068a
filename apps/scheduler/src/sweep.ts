import {
  expiredBatches,
  expiredLeases,
  expireLease,
  reconcileResponse,
  type SweptRow,
  strandedResponses,
  tellOfDelivery,
  unnotifiedEscalations,
} from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { escalateJob, jobIdPart } from '@campaign-manager/queues';

const LIMIT = 500;
/** A reply or an escalation that has been on its way for longer than this is stranded. */
const STRANDED_MS = 15_000;

/** Finds what a crash left behind, by small partial indexes, and sets it going again. */
export async function sweep(context: Ports): Promise<void> {
  const now = context.clock.now();
  for (const [name, step] of Object.entries({ sweepLeases, sweepBatches, sweepResponses, sweepEscalations })) {
    await step(context, now).catch((error) => context.logger.error({ err: error, step: name }, 'A sweep failed'));
  }
}

/** `sending` beyond its lease: unknown, or sent again, by the row's policy. */
async function sweepLeases(context: Ports, now: number): Promise<void> {
  for (const row of await expiredLeases(context.store, now, LIMIT)) {
    if (!(await expireLease(context.store, row, now))) continue;
    context.metrics.repairs.inc({ kind: 'expired_lease' });
    context.logger.warn({ key: row._id, policy: row.policy }, 'A message was being sent when its worker was lost');
    if (row.policy === 'at_most_once') await wake(context, row, now);
  }
}

async function wake({ store, producers }: Ports, row: SweptRow, now: number): Promise<void> {
  await tellOfDelivery(store, row, 'unknown', now);
  await producers.add('conversations', [{ name: 'advance', payload: { conversation_id: row.conversation_id } }]);
}

/** Batches whose worker is gone: another worker adopts them. */
async function sweepBatches({ store, producers }: Ports, now: number): Promise<void> {
  const batches = await expiredBatches(store, now, LIMIT);
  await producers.add(
    'conversations',
    batches.map(({ _id, campaign_id, conversation_ids }) => ({
      name: 'advance-batch' as const,
      payload: { campaign_id, conversation_ids, open_batch: _id },
      jobId: `adopt-${jobIdPart(_id)}`,
    })),
  );
}

/** Replies that no conversation has yet are pushed again; those in an inbox are due, so the poll hands them out. */
async function sweepResponses({ store, producers, metrics }: Ports, now: number): Promise<void> {
  for (const response of await strandedResponses(store, now - STRANDED_MS, LIMIT)) {
    const status = await reconcileResponse(store, response);
    if (status === response.status) continue;
    metrics.repairs.inc({ kind: 'response' });
    if (status !== 'queued') continue;
    await producers.add('conversations', [{ name: 'advance', payload: { conversation_id: response.conversation_id } }]);
  }
}

async function sweepEscalations({ store, producers }: Ports, now: number): Promise<void> {
  const ids = await unnotifiedEscalations(store, now - STRANDED_MS, LIMIT);
  await producers.add('notifications', ids.map(escalateJob));
}
