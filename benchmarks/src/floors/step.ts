import { randomUUID } from 'node:crypto';
import { recipientIds } from '../prepare/recipients.js';
import { createBatchJobs } from './batch-jobs.js';
import { createCountdown } from './countdown.js';
import { bodyTo, subjectTo } from './letter.js';
import type { Floor } from './main.js';
import { openSmtpConnections } from './smtp-connections.js';

/**
 * What a step cannot avoid: a batch job through BullMQ; in it one compare-and-set update (history rides in it), one
 * ledger insert and one record update per conversation, each as one bulk. What it writes is as large as what the product
 * writes; the benchmark compares the two.
 */
export const stepFloor: Floor = async (store, { size, batchSize, smtpPort, ...task }) => {
  const ids = recipientIds(size);
  const batches = Array.from({ length: Math.ceil(size / batchSize) }, (_, i) =>
    ids.slice(i * batchSize, (i + 1) * batchSize),
  );
  const messages = store.messages.collection;
  const conversations = store.conversations.collection;
  const channel = smtpPort === undefined ? 'log' : 'email';
  const sendAll = smtpPort === undefined ? async () => undefined : await openSmtpConnections(smtpPort, task.tasks);
  const answer = smtpPort === undefined ? {} : { provider_id: '250 2.0.0 Ok' };
  const batchesLeft = createCountdown(batches.length);

  async function handle(batch: readonly string[]): Promise<void> {
    const now = Date.now();
    const fence = randomUUID();
    await conversations.bulkWrite(
      batch.map((id) => ({
        updateOne: { filter: { _id: conversation(id) as never, version: 1 }, update: decided(id, fence, now) },
      })),
      { ordered: false },
    );
    const rows = batch.map((id) => row(id, channel, fence, now));
    await messages.insertMany(rows as never[], { ordered: false });
    await sendAll(rows);
    await messages.bulkWrite(
      batch.map((id) => ({
        updateOne: {
          filter: { _id: key(id) as never, fence, status: 'sending' },
          update: {
            $set: { status: 'sent', settled_at: now, ...answer },
            $unset: { due_at: '' },
            $push: { attempts: { n: 1, at: now, outcome: 'accepted' } as never },
          },
        },
      })),
      { ordered: false },
    );
    batchesLeft.done();
  }

  const jobs = await createBatchJobs(task, handle);
  return {
    work: async () => {
      jobs.start();
      await jobs.add(batches);
      await batchesLeft.over;
    },
  };
};

const conversation = (id: string) => `bench/${id}`;
const key = (id: string) => `bench/${id}/first/1/0/0`;

/** What the engine decides of a conversation whose first message is due, as an update. */
function decided(id: string, fence: string, now: number) {
  const ref = { stage: 'first', visit: 1, index: 0, ordinal: 0 };
  const progress = {
    index: 0,
    ordinal: 0,
    follow_ups: 0,
    decided_at: now,
    settled_at: null,
    accepted_at: null,
  };
  return {
    $set: {
      version: 2,
      fence,
      next_action_at: now + 1e9,
      'visit.late_ms': 2000.5, // a double, as differences of clocks are
      'visit.messages': [progress],
      outbox: [{ kind: 'message', key: key(id), ...ref, decided_at: now }],
    },
    $push: {
      recent_events: {
        at: now,
        type: 'sent',
        stage: 'first',
        visit: 1,
        detail: { key: key(id), index: 0, ordinal: 0 },
        v: 2,
        n: 0,
      } as never,
    },
  };
}

function row(id: string, channel: 'log' | 'email', fence: string, now: number) {
  return {
    _id: key(id),
    campaign_id: 'bench',
    conversation_id: conversation(id),
    recipient_id: id,
    stage: 'first',
    visit: 1,
    index: 0,
    ordinal: 0,
    channel,
    policy: channel === 'log' ? 'at_least_once' : 'at_most_once',
    to: `${id}@example.test`,
    subject: subjectTo(id),
    body: bodyTo(id),
    decided_at: now,
    claimed_at: now,
    attempts: [],
    status: 'sending',
    fence,
    due_at: now + 6000,
    attempt: 1,
  };
}
