import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { recipientIds } from '../prepare/recipients.js';
import { createCountdown } from './countdown.js';
import { bodyTo, subjectTo } from './letter.js';
import type { Floor } from './main.js';

/**
 * The way people would write it with the same libraries: a delayed job per message, and in it one document found,
 * changed and saved through Mongoose, and one for the message. No claim, no gate, no batch.
 */
export const naive: Floor = async (store, { size, tasks, redisUrl, prefix }) => {
  const queue = new Queue('naive', { connection: new Redis(redisUrl, { maxRetriesPerRequest: null }), prefix });
  const messagesLeft = createCountdown(size);
  const worker = new Worker(
    'naive',
    async ({ data: { id } }) => {
      const [conversation, recipient] = await Promise.all([
        store.conversations.findOne({ _id: id }),
        store.recipients.findOne({ _id: id.slice('bench/'.length) }),
      ]);
      if (!conversation || !recipient) return;
      const now = Date.now();
      const key = `${id}/first/1/0/0`;
      const message = await store.messages.create({
        _id: key,
        campaign_id: 'bench',
        conversation_id: id,
        recipient_id: recipient._id,
        stage: 'first',
        visit: 1,
        index: 0,
        ordinal: 0,
        channel: 'log',
        policy: 'at_least_once',
        to: String(recipient.get('email')),
        subject: subjectTo(recipient._id),
        body: bodyTo(recipient._id),
        status: 'sending',
        attempt: 1,
        fence: 'none',
        decided_at: now,
        claimed_at: now,
        attempts: [],
      });
      message.set({ status: 'sent', settled_at: now });
      await message.save();
      conversation.set({ version: conversation.version + 1, next_action_at: now + 1e9 });
      conversation.set('recent_events', [...conversation.recent_events, { at: now, type: 'sent', stage: 'first' }]);
      await conversation.save();
      messagesLeft.done();
    },
    { connection: new Redis(redisUrl, { maxRetriesPerRequest: null }), prefix, concurrency: tasks, autorun: false },
  );
  await worker.waitUntilReady();
  return {
    work: async () => {
      void worker.run();
      const ids = recipientIds(size);
      for (let start = 0; start < size; start += 1000) {
        const page = ids.slice(start, start + 1000);
        await queue.addBulk(page.map((id) => ({ name: 'send', data: { id: `bench/${id}` }, opts: { delay: 1 } })));
      }
      await messagesLeft.over;
    },
  };
};
