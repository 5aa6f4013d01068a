import { conversationId, messageKey } from '@campaign-manager/core/engine';
import type { ConversationDocument, MessageDocument, RowStatus } from '@campaign-manager/core/models';
import { initializePage, type Store } from '@campaign-manager/core/store';
import { draft, recipients, template } from './documents.js';
import { NOW, type TestApi } from './test-api.js';

/** A launched campaign with all of its conversations, as a worker would have made them. */
export async function runningCampaign(api: TestApi, id: string): Promise<void> {
  await api.post('/v1/templates', template);
  await api.post('/v1/recipients', recipients);
  await api.post('/v1/campaigns', draft(id));
  await api.post(`/v1/campaigns/${id}/launch`);
  const members = recipients.map(({ _id }) => ({
    _id: conversationId(id, _id),
    campaign_id: id,
    recipient_id: _id,
    context: {},
  }));
  await initializePage(api.store, members, 'welcome', NOW);
}

export async function change(store: Store, id: string, set: Partial<ConversationDocument>): Promise<void> {
  await store.conversations.collection.updateOne({ _id: id as never }, { $set: set });
}

/** A row of the ledger; answers its key. */
export async function addRow(store: Store, conversation: string, index: number, status: RowStatus): Promise<string> {
  const ref = { stage: 'welcome', visit: 1, index, ordinal: 0 };
  const [campaign_id = '', recipient_id = ''] = conversation.split('/');
  const row: MessageDocument = {
    ...ref,
    _id: messageKey(conversation, ref),
    campaign_id,
    conversation_id: conversation,
    recipient_id,
    channel: 'log',
    policy: 'at_most_once',
    to: `${recipient_id}@example.com`,
    subject: 'Welcome',
    body: 'Hello',
    status,
    attempt: 1,
    fence: 'somebody',
    decided_at: NOW,
    claimed_at: NOW,
    attempts: [],
  };
  await store.messages.collection.insertOne(row as never);
  return row._id;
}
