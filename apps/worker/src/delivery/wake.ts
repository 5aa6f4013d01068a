import type { MessageDocument } from '@campaign-manager/core/models';
import { tellOfDelivery } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { retryJob } from '@campaign-manager/queues';

/** Tells a conversation that one of its messages was settled in a way it should know of now. */
export async function wakeConversation(
  ports: Ports,
  row: Pick<MessageDocument, '_id' | 'conversation_id' | 'campaign_id' | 'attempt'>,
  { status }: Pick<MessageDocument, 'status'>,
): Promise<void> {
  await tellOfDelivery(ports.store, row, status, ports.clock.now());
  await ports.producers
    .add('conversations', [{ name: 'advance', payload: { conversation_id: row.conversation_id } }])
    .catch((error) => pollWillDo(ports, error));
}

/**
 * Adds the job of a later attempt, if it comes before the sweep looks; the ledger knows the time anyway. `early` says
 * that the job of that attempt is under way and came before its time.
 */
export async function scheduleRetry(
  ports: Ports,
  row: { readonly key: string; readonly attempt: number; readonly dueAt: number },
  early = false,
): Promise<void> {
  await scheduleRetries(ports, [row], early ? '-early' : '');
}

/** As `scheduleRetry`, for many at once. */
export async function scheduleRetries(
  ports: Ports,
  rows: readonly { readonly key: string; readonly attempt: number; readonly dueAt: number }[],
  suffix = '',
): Promise<void> {
  const now = ports.clock.now();
  const soon = rows.filter(({ dueAt }) => dueAt - now <= ports.config.pollingIntervalMs);
  await ports.producers
    .add(
      'messages',
      soon.map((row) => retryJob(row, now, suffix)),
    )
    .catch((error) => pollWillDo(ports, error));
}

function pollWillDo({ logger }: Ports, error: unknown): void {
  logger.warn({ err: error }, 'Redis did not take a job; the next poll finds what is due');
}
