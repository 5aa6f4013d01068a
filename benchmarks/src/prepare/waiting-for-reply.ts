import { type CompiledTemplate, compileTemplate, type Decision, decide } from '@campaign-manager/core/engine';
import type { CampaignDocument, ConversationDocument, MessageDocument } from '@campaign-manager/core/models';
import { campaignFacts, insertCampaign, type Store } from '@campaign-manager/core/store';
import { runningCampaign } from './campaign.js';
import { newConversation } from './conversations.js';
import { insertPages } from './insert-pages.js';
import { prepareRecipients, recipient, recipientId } from './recipients.js';
import { TEMPLATE } from './template.js';

const AN_HOUR_MS = 3_600_000;
const FENCE = '00000000-0000-4000-8000-000000000000';

/**
 * A running campaign whose conversations wait for a reply: the message of each was sent an hour ago, as the engine
 * decides it, and has its row in the ledger.
 */
export async function prepareWaitingForReply(store: Store, count: number): Promise<void> {
  const at = (await store.serverTime()) - AN_HOUR_MS;
  const campaign = runningCampaign('bench', at);
  const template = compileTemplate(TEMPLATE, 1);
  const numbers = { from: 0, count };
  await prepareRecipients(store, numbers);
  await insertPages(store.conversations, numbers, (n) => sent(campaign, template, recipientId(n), at).conversation);
  await insertPages(store.messages, numbers, (n) => sent(campaign, template, recipientId(n), at).row);
  await insertCampaign(store, campaign);
}

/** What the first step leaves behind. Pure. */
function sent(campaign: CampaignDocument, template: CompiledTemplate, recipientId: string, at: number) {
  const before = newConversation(campaign._id, recipientId, at);
  const decision = decide({
    conversation_id: before._id,
    template,
    campaign: campaignFacts(campaign),
    recipient: recipient(recipientId),
    state: before,
    now: at,
  });
  return { conversation: decided(before, decision), row: rowOf(before, decision, at) };
}

function decided(before: ConversationDocument, { state, events }: Decision): ConversationDocument {
  const added = events.map((event, n) => ({ ...event, v: 2, n }));
  return { ...before, ...state, version: 2, fence: FENCE, recent_events: [...before.recent_events, ...added] };
}

function rowOf({ _id, campaign_id, recipient_id }: ConversationDocument, decision: Decision, at: number) {
  const [send] = decision.sends;
  if (send === undefined) throw new TypeError('The first step of the template sends a message.');
  const { key, stage, visit, index, ordinal, decided_at } = send.effect;
  return {
    _id: key,
    campaign_id,
    conversation_id: _id,
    recipient_id,
    stage,
    visit,
    index,
    ordinal,
    channel: 'log',
    policy: 'at_least_once',
    to: recipient(recipient_id).email,
    ...send.content,
    decided_at,
    claimed_at: at,
    attempts: [{ n: 1, at, outcome: 'accepted' }],
    status: 'sent',
    fence: FENCE,
    attempt: 1,
    settled_at: at,
  } satisfies MessageDocument;
}
