import { initialState } from '@campaign-manager/core/engine';
import type { ConversationDocument } from '@campaign-manager/core/models';
import { recipientIds } from '../prepare.js';
import type { Floor } from './main.js';

const PAGE = 1000;

/** insertMany of documents equal to those that initialisation makes; they are built before the clock starts. */
export const initFloor: Floor = async (store, { size }) => {
  const now = await store.serverTime();
  const documents = recipientIds(size).map(
    (recipient_id): ConversationDocument => ({
      _id: `bench/${recipient_id}`,
      campaign_id: 'bench',
      recipient_id,
      reply_id: recipient_id.padEnd(16, 'a'),
      version: 1,
      fence: '',
      tries: 0,
      ...initialState('first', now, {}),
      recent_events: [{ at: now, type: 'entered', stage: 'first', visit: 1, v: 1, n: 0 }],
    }),
  );
  const pages = Array.from({ length: Math.ceil(size / PAGE) }, (_, i) => documents.slice(i * PAGE, (i + 1) * PAGE));
  const collection = store.conversations.collection;
  return async () => {
    for (const page of pages) await collection.insertMany(page as never[], { ordered: false });
  };
};
