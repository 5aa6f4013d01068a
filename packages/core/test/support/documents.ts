import { conversationId, initialState } from '../../src/engine/index.js';
import type { CampaignDocument, ConversationDocument, MessageDocument } from '../../src/models/index.js';
import { insertCampaign, type Store } from '../../src/store/index.js';

/** A running campaign with everything that a test does not care about. */
export function campaignOf(id: string, more: Partial<CampaignDocument> = {}): CampaignDocument {
  return {
    _id: id,
    name: id,
    template_id: 'template',
    type: 'sales',
    status: 'running',
    template_version: 1,
    delay_factor: 1,
    channel: 'log',
    delivery_policy: null,
    missing_variables: 'error',
    revision: 1,
    started_at: 1,
    paused_at: null,
    paused_ms: 0,
    ended_at: null,
    start_at: null,
    end_at: null,
    conversation_states_initialized: true,
    initialize_cursor: '',
    open_imports: [],
    created_at: new Date(0),
    ...more,
  };
}

export async function addCampaign(store: Store, id: string, more: Partial<CampaignDocument> = {}) {
  const campaign = campaignOf(id, more);
  await insertCampaign(store, campaign);
  return campaign;
}

/** A conversation that has just entered its first stage. */
export function conversationOf(
  campaign: string,
  recipient: string,
  more: Partial<ConversationDocument> = {},
): ConversationDocument {
  return {
    _id: conversationId(campaign, recipient),
    campaign_id: campaign,
    recipient_id: recipient,
    version: 1,
    fence: '',
    tries: 0,
    ...initialState('hello', 1000, {}),
    recent_events: [{ at: 1000, type: 'entered', stage: 'hello', visit: 1, v: 1, n: 0 }],
    ...more,
  };
}

export async function addConversations(
  store: Store,
  conversations: readonly ConversationDocument[],
): Promise<readonly ConversationDocument[]> {
  if (conversations.length > 0) await store.conversations.collection.insertMany([...conversations] as never);
  return conversations;
}

/** A ledger row that a worker holds. */
export function rowOf(key: string, more: Partial<MessageDocument> = {}): MessageDocument {
  const [campaign = '', recipient = '', stage = 'hello', visit = '1', index = '0', ordinal = '0'] = key.split('/');
  return {
    _id: key,
    campaign_id: campaign,
    conversation_id: `${campaign}/${recipient}`,
    recipient_id: recipient,
    stage,
    visit: Number(visit),
    index: Number(index),
    ordinal: Number(ordinal),
    channel: 'log',
    policy: 'at_most_once',
    to: 'somebody@example.test',
    subject: 'Hello',
    body: 'Hello there',
    status: 'sending',
    attempt: 1,
    fence: 'nobody',
    due_at: 10_000,
    decided_at: 1000,
    claimed_at: 1000,
    attempts: [],
    ...more,
  };
}

export function messageEffect(key: string) {
  return {
    kind: 'message' as const,
    key,
    stage: 'hello',
    visit: 1,
    index: 0,
    ordinal: 0,
    decided_at: 1000,
  };
}
