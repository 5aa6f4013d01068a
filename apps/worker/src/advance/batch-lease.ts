import { renewBatch } from '@campaign-manager/core/store';
import type { WorkerContext } from '../context.js';

/** How long a worker may be silent before its open batch is adopted. */
export const BATCH_LEASE_MS = 15_000;

/**
 * Renews the lease of an open batch while its effects are brought about. A worker that lost its batch goes on all the
 * same: what it committed is ours, and claims in the ledger keep two workers from sending one message.
 */
export function keepBatchAlive(context: WorkerContext, batchId: string): { stop(): void } {
  const timer = setInterval(() => {
    renewBatch(context.store, batchId, context.clock.now() + BATCH_LEASE_MS).catch((error) =>
      context.logger.warn({ err: error }, 'The lease of an open batch could not be renewed'),
    );
  }, BATCH_LEASE_MS / 3);
  return { stop: () => clearInterval(timer) };
}
