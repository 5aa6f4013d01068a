import type { CampaignDocument, MessageDocument } from '@campaign-manager/core/models';
import { loadCampaign, loadMessages, loadRecipients, startRetry, surviveRetry } from '@campaign-manager/core/store';
import type { Jobs, JobToDo } from '@campaign-manager/queues';
import type { WorkerContext } from '../context.js';
import { deliverAll } from '../delivery/deliver-all.js';
import { scheduleRetry, wakeConversation } from '../delivery/wake.js';

/** Tries a deferred message again, if it is due and still wanted: the ledger and the gate decide, not the job. */
export async function retry(context: WorkerContext, { payload }: JobToDo<Jobs['messages']['retry']>): Promise<void> {
  const { store, clock } = context;
  const [row] = await loadMessages(store, [payload.key]);
  if (row?.status !== 'retry') return;
  const { due_at: dueAt = 0 } = row;
  if (dueAt > clock.now()) return scheduleRetry(context, { key: row._id, attempt: row.attempt, dueAt }, true);
  const campaign = await loadCampaign(store, row.campaign_id);
  if (campaign.status !== 'running') return; // found by the sweep when the campaign goes on
  const start = await startRetry(store, row, clock.now(), Math.random());
  if (start === 'quarantined') return quarantine(context, row);
  if (start === 'gone') return; // somebody else has it
  try {
    await attempt(context, campaign, row);
  } catch (error) {
    await surviveRetry(store, row._id).catch(() => undefined); // counted at worst once too often
    throw error;
  }
}

async function quarantine(context: WorkerContext, row: MessageDocument): Promise<void> {
  const { channel } = row;
  context.metrics.quarantined.inc({ channel });
  context.logger.error(
    { key: row._id, channel },
    'A message took too many workers with it: an operator decides what becomes of it',
  );
  await wakeConversation(context, row, { status: 'unknown' });
}

async function attempt(context: WorkerContext, campaign: CampaignDocument, row: MessageDocument): Promise<void> {
  const recipients = await loadRecipients(context.store, [row.recipient_id]);
  const { _id: key, stage, visit, index, ordinal, follow_up, decided_at, subject, body } = row;
  await deliverAll(context, [
    {
      effect: {
        kind: 'message',
        key,
        stage,
        visit,
        index,
        ordinal,
        decided_at,
        ...(follow_up !== undefined && { follow_up }),
      },
      content: { subject, body },
      conversationId: row.conversation_id, // where there is none any more, the gate says so
      recipientId: row.recipient_id,
      recipient: recipients.get(row.recipient_id) ?? null,
      campaign,
      existing: row,
    },
  ]);
}
