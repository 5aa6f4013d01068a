import { newConversation } from '../prepare/conversations.js';
import { recipientIds } from '../prepare/recipients.js';
import type { Floor } from './main.js';

const PAGE = 1000;

/** insertMany of documents equal to those that initialisation makes; they are built before the clock starts. */
export const initFloor: Floor = async (store, { size }) => {
  const now = await store.serverTime();
  const documents = recipientIds(size).map((id) => newConversation('bench', id, now));
  const pages = Array.from({ length: Math.ceil(size / PAGE) }, (_, i) => documents.slice(i * PAGE, (i + 1) * PAGE));
  const collection = store.conversations.collection;
  return {
    work: async () => {
      for (const page of pages) await collection.insertMany(page as never[], { ordered: false });
    },
  };
};
