import { initialState } from '@campaign-manager/core/engine';
import type { ConversationDocument } from '@campaign-manager/core/models';
import { replyIdOf, type Store } from '@campaign-manager/core/store';
import { insertPages, type Numbers } from './insert-pages.js';
import { prepareRecipients, recipientId } from './recipients.js';

/** Recipients and their conversations in the campaign `bench`, all due now. */
export async function prepareDue(store: Store, count: number): Promise<void> {
  const numbers = { from: 0, count };
  const now = await store.serverTime();
  await prepareRecipients(store, numbers);
  await prepareConversations(store, 'bench', numbers, () => now);
}

/** Conversations of recipients, each entering its stage, and due, at its own time. */
export async function prepareConversations(
  store: Store,
  campaignId: string,
  numbers: Numbers,
  enteredAt: (n: number) => number,
): Promise<void> {
  await insertPages(store.conversations, numbers, (n) => newConversation(campaignId, recipientId(n), enteredAt(n)));
}

/** A conversation equal to those that initialisation makes (`packages/core/src/store/initialize-page.ts`). Pure. */
export function newConversation(campaignId: string, recipient_id: string, enteredAt: number): ConversationDocument {
  const _id = `${campaignId}/${recipient_id}`;
  return {
    _id,
    campaign_id: campaignId,
    recipient_id,
    reply_id: replyIdOf(_id),
    version: 1,
    fence: '',
    tries: 0,
    ...initialState('first', enteredAt, {}),
    recent_events: [{ at: enteredAt, type: 'entered', stage: 'first', visit: 1, v: 1, n: 0 }],
  };
}
