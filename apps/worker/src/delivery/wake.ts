import type { MessageDocument } from '@campaign-manager/core/models';
import { addEvent, campaignTime, loadCampaign } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { retryJob } from '@campaign-manager/queues';

/** Tells a conversation that one of its messages was settled in a way it should know of now. */
export async function wakeConversation(
  ports: Ports,
  row: Pick<MessageDocument, '_id' | 'conversation_id' | 'campaign_id' | 'attempt'>,
  { status }: { readonly status: string },
): Promise<void> {
  const campaign = await loadCampaign(ports.store, row.campaign_id);
  await addEvent(ports.store, row.conversation_id, {
    id: `delivery:${row._id}:${row.attempt}:${status}`,
    type: 'delivery',
    at: campaignTime(campaign, ports.clock.now()),
    key: row._id,
  });
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
  const now = ports.clock.now();
  if (row.dueAt - now > ports.config.pollingIntervalMs) return;
  await ports.producers
    .add('messages', [retryJob(row, now, early ? '-early' : '')])
    .catch((error) => pollWillDo(ports, error));
}

function pollWillDo({ logger }: Ports, error: unknown): void {
  logger.warn({ err: error }, 'Redis did not take a job; the next poll finds what is due');
}
