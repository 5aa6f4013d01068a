import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { until } from '@campaign-manager/testkit';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { ANN, createWorld, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'hello',
  name: 'Hello',
  type: 'sales',
  stages: { hello: { messages: [{ template: 'Hello.' }] } },
};
const recipients = Array.from({ length: 60 }, (_, i) => ({ ...ANN, _id: `p${i}`, email: `p${i}@example.test` }));

const worlds: World[] = [];

async function world(env: Readonly<Record<string, string>>): Promise<World> {
  const made = await createWorld('dials', env);
  worlds.push(made);
  return made;
}

afterAll(async () => {
  await Promise.all(worlds.map((one) => one.stop()));
});

function inBatches(ids: readonly string[], size: number, { context }: World): Promise<void>[] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, i) =>
    advanceBatch(context, job({ campaign_id: 'c', conversation_ids: ids.slice(i * size, (i + 1) * size) })),
  );
}

it('MAX_CONCURRENT_CONVERSATIONS bounds the conversations in flight, also where batches are larger', async () => {
  const one = await world({ MAX_CONCURRENT_CONVERSATIONS: '5', WORKER_CONCURRENT_TASKS: '16' });
  const ids = await one.begin('c', template, { recipients });
  const letThrough = one.channel.hold();
  const batches = inBatches(ids, 15, one);
  await until(() => one.channel.waiting() === 5, { describe: 'as many messages as there are permits' });
  const committed = { outbox: { $ne: [] } } as never;
  expect(await one.store.conversations.collection.countDocuments(committed)).toBe(5);
  letThrough();
  await Promise.all(batches);

  expect(new Set(one.channel.wire.map(({ key }) => key)).size).toBe(60);
  expect(one.channel.wire).toHaveLength(60);
  expect(one.channel.open()).toBe(0);
});

it('WORKER_CONCURRENT_TASKS bounds the messages on the wire at once, and is used to the full', async () => {
  const one = await world({ WORKER_CONCURRENT_TASKS: '4' });
  const ids = await one.begin('c', template, { recipients });
  one.channel.answer = () =>
    new Promise((resolve) => {
      setTimeout(() => resolve({ status: 'accepted' }), 20);
    });
  await Promise.all(inBatches(ids, 20, one));

  expect(one.channel.wire).toHaveLength(60);
  expect(one.channel.mostAtOnce()).toBe(4);
});

it('failures leak neither permits nor connections: afterwards as much fits in as before', async () => {
  const one = await world({ MAX_CONCURRENT_CONVERSATIONS: '5' });
  const ids = await one.begin('c', template, { recipients: recipients.slice(0, 15) });
  const stages = [
    'conversations.find',
    'openBatches.insertOne',
    'conversations.bulkWrite',
    'messages.bulkWrite',
  ] as const;
  for (const stage of stages) {
    one.interference.before(stage, () => Promise.reject(new Error('MongoDB is away')));
    if (stage === 'messages.bulkWrite') {
      one.interference.before('messages.find', () => Promise.reject(new Error('MongoDB is away')));
    }
    const results = await Promise.allSettled(inBatches(ids, 5, one));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    one.interference.reset();
    expect(one.channel.open()).toBe(0);
    (await one.context.permits.acquire(5))(); // all of them are free
  }
  expect(one.channel.wire).toEqual([]);

  one.skip(20_000);
  for (const { _id, conversation_ids } of await one.store.openBatches.collection.find({}).toArray()) {
    const open_batch = String(_id);
    await advanceBatch(
      one.context,
      job({ campaign_id: 'c', conversation_ids: conversation_ids as string[], open_batch }),
    );
  }
  expect(one.channel.wire.map(({ key }) => key).sort()).toEqual(ids.map((id) => `${id}/hello/1/0/0`).sort());
  expect(await one.store.openBatches.collection.countDocuments({})).toBe(0);
});
