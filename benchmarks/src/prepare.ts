import type { CampaignDocument } from '@campaign-manager/core/models';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import {
  addAudienceMembers,
  initializePage,
  insertCampaign,
  type Store,
  saveRecipients,
  saveTemplate,
} from '@campaign-manager/core/store';

const PAGE = 1000;

/** One message at once, then a wait for a reply that outlives the run: each conversation takes exactly one step. */
export const TEMPLATE: CampaignTemplate = {
  _id: 'bench',
  name: 'Benchmark',
  type: 'sales',
  stages: {
    first: {
      messages: [
        {
          subject: 'A word on {{recipient.company_name}}',
          template:
            'Dear {{recipient.first_name}}, this is what our monthly letter looks like: two sentences of text with a name in it, and a question at the end. Shall we talk about {{recipient.company_name}}?',
        },
      ],
      progression_rules: { response_required: true, max_stage_duration_hours: 8000 },
    },
  },
};

export function recipientIds(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `user_${String(i).padStart(7, '0')}`);
}

/** Recipients and their conversations, all due now. */
export async function prepareDue(store: Store, count: number): Promise<void> {
  await prepareRecipients(store, count);
  await prepareConversations(store, 'bench', count, await store.serverTime());
}

/** Stores the template and a page of recipients after the other. */
export async function prepareRecipients(store: Store, count: number): Promise<void> {
  await saveTemplate(store, TEMPLATE, new Date());
  for (const page of pagesOf(recipientIds(count))) {
    await saveRecipients(
      store,
      page.map((_id) => ({
        _id,
        first_name: `Ada ${_id}`,
        email: `${_id}@example.test`,
        company_name: `Company of ${_id}`,
      })),
    );
  }
}

/** The audience of the campaign, with nothing of their own. */
export async function prepareAudience(store: Store, campaignId: string, count: number): Promise<void> {
  for (const page of pagesOf(recipientIds(count))) {
    await addAudienceMembers(
      store,
      campaignId,
      page.map((recipient_id) => ({ recipient_id, context: {} })),
    );
  }
}

/** Conversations that entered their stage at `enteredAt`, as initialisation makes them. */
async function prepareConversations(store: Store, campaignId: string, count: number, enteredAt: number): Promise<void> {
  for (const page of pagesOf(recipientIds(count))) {
    const members = page.map((recipient_id) => ({
      _id: `${campaignId}/${recipient_id}`,
      campaign_id: campaignId,
      recipient_id,
      context: {},
    }));
    await initializePage(store, members, 'first', enteredAt);
  }
}

/** A campaign that runs from this moment. */
export async function startCampaignNow(
  store: Store,
  id: string,
  more: Partial<CampaignDocument> = {},
): Promise<CampaignDocument> {
  const now = await store.serverTime();
  const campaign: CampaignDocument = {
    _id: id,
    name: id,
    template_id: TEMPLATE._id,
    type: TEMPLATE.type,
    status: 'running',
    template_version: 1,
    delay_factor: 1,
    channel: 'log',
    delivery_policy: null,
    missing_variables: 'error',
    revision: 2,
    started_at: now,
    paused_at: null,
    paused_ms: 0,
    ended_at: null,
    start_at: null,
    end_at: null,
    conversation_states_initialized: true,
    initialize_cursor: '',
    open_imports: [],
    created_at: new Date(now),
    ...more,
  };
  await insertCampaign(store, campaign);
  return campaign;
}

function pagesOf<T>(values: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(values.length / PAGE) }, (_, i) => values.slice(i * PAGE, (i + 1) * PAGE));
}
