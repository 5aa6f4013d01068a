import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import { createBatchJobs } from './batch-jobs.js';
import { createCountdown } from './countdown.js';
import { createGroups } from './groups.js';
import type { Floor } from './main.js';

/** The body of a reply, as the load client posts it. */
interface Reply {
  readonly id: string;
  readonly conversation_id: string;
  readonly intent: string;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What arrives within it is written together. */
const GROUP_MS = 4;

const AN_HOUR_MS = 3_600_000;

/**
 * What a reply cannot avoid: a request; the reply stored, its conversation told, a batch job; in that one
 * compare-and-set per conversation, and a mark on the replies. All of it in groups, and nothing is checked.
 */
export const replyFloor: Floor = async (store, { size, ...task }) => {
  const responses = store.responses.collection;
  const conversations = store.conversations.collection;
  const repliesLeft = createCountdown(size);

  async function take(replies: readonly Reply[]): Promise<void> {
    const now = Date.now();
    await responses.insertMany(replies.map((reply) => stored(reply, now)) as never[], { ordered: false });
    await conversations.bulkWrite(
      replies.map((reply) => ({
        updateOne: { filter: { _id: reply.conversation_id as never }, update: told(reply, now) as never },
      })),
      { ordered: false },
    );
    await jobs.add([replies]);
  }

  async function apply(replies: readonly Reply[]): Promise<void> {
    const now = Date.now();
    const fence = randomUUID();
    await conversations.bulkWrite(
      replies.map((reply) => ({
        updateOne: {
          filter: { _id: reply.conversation_id as never, version: 3 },
          update: completed(reply, fence, now) as never,
        },
      })),
      { ordered: false },
    );
    await responses.updateMany(
      { _id: { $in: replies.map(({ id }) => id) as never[] }, status: 'received' },
      { $set: { status: 'applied' } },
    );
    repliesLeft.done(replies.length);
  }

  const jobs = await createBatchJobs(task, apply);
  const groups = createGroups(GROUP_MS, take);
  const app = fastify();
  const firstRequest = new Promise<void>((resolve) => {
    app.post<{ Body: Reply }>('/v1/responses', async ({ body }, answer) => {
      resolve();
      await groups.add(body);
      return answer.code(202).send({ id: body.id, status: 'queued', conversation_id: body.conversation_id });
    });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  jobs.start();
  return { listening: { url, firstRequest }, work: () => repliesLeft.over };
};

function stored({ id, conversation_id, intent, text, data }: Reply, now: number) {
  return {
    _id: id,
    conversation_id,
    campaign_id: 'bench',
    status: 'received',
    received_at: now,
    intent,
    text,
    data,
  };
}

/** The reply in its conversation's inbox, which makes that due. */
function told({ id, intent, text, data }: Reply, now: number) {
  return {
    $push: { inbox: { id, type: 'response', at: now, intent, text, data } },
    $inc: { version: 1 },
    $set: { next_action_at: 0 },
  };
}

/** What the engine decides of a conversation whose only stage has the reply that it waits for, as an update. */
function completed({ id, intent, text, data }: Reply, fence: string, now: number) {
  const where = { stage: 'first', visit: 1 };
  const reason = 'all_stages_completed';
  return {
    $set: {
      version: 4,
      fence,
      status: 'completed',
      result: 'success',
      reason,
      inbox: [],
      outbox: [],
      applied_event_ids: [id],
      'visit.messages.0.settled_at': now,
      'visit.messages.0.accepted_at': now,
      'visit.responses': 1,
      'visit.follow_ups_from': now,
      latest_response: { ...data, intent, text },
      response_fields: { ...data, intent, text },
      response_count: 1,
      next_action_at: now + 1e12,
    },
    $push: {
      recent_events: {
        $each: [
          { at: now, type: 'response', ...where, detail: { id, qualifying: true, intent }, v: 4, n: 0 },
          {
            at: now,
            type: 'completed',
            ...where,
            reason,
            detail: { result: 'success', duration_ms: AN_HOUR_MS },
            v: 4,
            n: 1,
          },
        ],
      },
    },
  };
}
