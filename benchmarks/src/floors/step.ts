import { randomUUID } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { recipientIds } from '../prepare.js';
import { type BareSmtp, openBareSmtp } from './bare-smtp.js';
import type { Floor } from './main.js';

/**
 * What a step cannot avoid: a batch job through BullMQ; in it one compare-and-set update (history rides in it), one
 * ledger insert and one record update per conversation, each as one bulk.
 */
export const stepFloor: Floor = async (store, { size, batchSize, tasks, redisUrl, prefix, smtpPort }) => {
  const ids = recipientIds(size).map((id) => `bench/${id}`);
  const batches = Array.from({ length: Math.ceil(size / batchSize) }, (_, i) =>
    ids.slice(i * batchSize, (i + 1) * batchSize),
  );
  const queue = new Queue('floor', { connection: new Redis(redisUrl, { maxRetriesPerRequest: null }), prefix });
  const messages = store.messages.collection;
  const conversations = store.conversations.collection;
  const wire = smtpPort === undefined ? [] : await Promise.all(range(tasks).map(() => openBareSmtp(smtpPort)));
  const sendAll = sender(wire);
  let done = 0;
  let finish: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });

  async function handle(batch: readonly string[]): Promise<void> {
    const now = Date.now();
    const fence = randomUUID();
    const key = (id: string) => `${id}/first/1/0/0`;
    await conversations.bulkWrite(
      batch.map((id) => ({
        updateOne: {
          filter: { _id: id as never, version: 1 },
          update: {
            $set: { version: 2, fence, next_action_at: now + 1e9, outbox: [effect(key(id), now)] },
            $push: { recent_events: { at: now, type: 'sent', stage: 'first', visit: 1, v: 2, n: 0 } as never },
          },
        },
      })),
      { ordered: false },
    );
    const rows = batch.map((id) => row(id, key(id), fence, now));
    await messages.insertMany(rows as never[], { ordered: false });
    await sendAll(rows);
    await messages.bulkWrite(
      batch.map((id) => ({
        updateOne: {
          filter: { _id: key(id) as never, fence, status: 'sending' },
          update: {
            $set: { status: 'sent', settled_at: now },
            $unset: { due_at: '' },
            $push: { attempts: { n: 1, at: now, outcome: 'accepted' } as never },
          },
        },
      })),
      { ordered: false },
    );
  }

  const worker = new Worker(
    'floor',
    async (job) => {
      await handle(job.data.ids);
      done += 1;
      if (done === batches.length) finish();
    },
    { connection: new Redis(redisUrl, { maxRetriesPerRequest: null }), prefix, concurrency: tasks, autorun: false },
  );
  await worker.waitUntilReady();
  return async () => {
    void worker.run();
    await queue.addBulk(batches.map((batch) => ({ name: 'advance-batch', data: { ids: batch } })));
    await over;
  };
};

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

type Mail = { readonly to: string; readonly subject: string; readonly body: string };

/** Sends a batch over whatever connection is free; all batches share them. */
function sender(connections: readonly BareSmtp[]): (mails: readonly Mail[]) => Promise<void> {
  const idle = [...connections];
  const waiting: ((connection: BareSmtp) => void)[] = [];
  const take = () => {
    const free = idle.pop();
    return free ? Promise.resolve(free) : new Promise<BareSmtp>((resolve) => waiting.push(resolve));
  };
  const giveBack = (connection: BareSmtp) => {
    const next = waiting.shift();
    if (next) next(connection);
    else idle.push(connection);
  };
  return async (mails) => {
    if (connections.length === 0) return;
    await Promise.all(
      mails.map(async ({ to, subject, body }) => {
        const connection = await take();
        await connection.send(to, `From: <bench@example.test>\r\nTo: <${to}>\r\nSubject: ${subject}\r\n\r\n${body}`);
        giveBack(connection);
      }),
    );
  };
}

function effect(key: string, now: number) {
  return { kind: 'message', key, stage: 'first', visit: 1, index: 0, ordinal: 0, decided_at: now };
}

function row(id: string, key: string, fence: string, now: number) {
  return {
    _id: key,
    campaign_id: 'bench',
    conversation_id: id,
    recipient_id: id.slice(6),
    stage: 'first',
    visit: 1,
    index: 0,
    ordinal: 0,
    channel: 'log',
    policy: 'at_least_once',
    to: `${id.slice(6)}@example.test`,
    subject: `A word on Company of ${id.slice(6)}`,
    body: `Dear Ada ${id.slice(6)}, this is what our monthly letter looks like: two sentences of text with a name in it, and a question at the end. Shall we talk about Company of ${id.slice(6)}?`,
    decided_at: now,
    claimed_at: now,
    attempts: [],
    status: 'sending',
    fence,
    due_at: now + 6000,
    attempt: 1,
  };
}
