import type { Outcome } from '@campaign-manager/channels';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { receiveResponse, routeResponse } from '@campaign-manager/core/store';
import { consume, workerConnection } from '@campaign-manager/queues';
import { until } from '@campaign-manager/testkit';
import { advanceOne } from '../src/jobs/advance.js';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { retry } from '../src/jobs/retry.js';
import { createWorld, HOUR_MS, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'ask',
  name: 'Ask',
  type: 'sales',
  stages: {
    ask: {
      messages: [{ template: 'A question.', timing: { follow_up_delay_hours: 24, max_follow_ups: 3 } }],
      progression_rules: { response_required: true, max_stage_duration_hours: 1000, min_responses_required: 2 },
    },
    thank: {
      messages: [{ template: 'Thanks.' }],
      progression_rules: { response_required: true, max_stage_duration_hours: 1000 },
    },
  },
};

let world: World;
let campaign: string;
let id: string;
let campaigns = 0;

beforeAll(async () => {
  world = await createWorld('replies');
}, 60_000);

afterAll(() => world.stop());

beforeEach(async () => {
  world.channel.wire.length = 0;
  world.channel.answer = () => ({ status: 'accepted' });
  campaign = `c${campaigns++}`;
  [id = ''] = await world.begin(campaign, template);
});

const decide = () => advanceOne(world.context, job({ conversation_id: id }));
const wire = () => world.channel.wire.map(({ key }) => key.slice(id.length + 1));
const statusOf = async (reply: string) =>
  (await world.store.responses.collection.findOne({ _id: reply as never }))?.['status'];

/** What the api does with a reply. */
async function reply(replyId: string, more: { text?: string } = {}): Promise<string> {
  const received_at = world.context.clock.now();
  const document = {
    _id: replyId,
    conversation_id: id,
    campaign_id: campaign,
    status: 'received' as const,
    received_at,
    ...more,
  };
  const { response } = await receiveResponse(world.store, document);
  return (await routeResponse(world.store, response)).status;
}

it('a reply voids the follow-up that was decided and has not left', async () => {
  await decide();
  world.skip(24 * HOUR_MS + 1);
  const letThrough = world.channel.hold();
  const deciding = decide();
  await until(() => world.channel.waiting() === 1, { describe: 'the follow-up to be decided' });
  await reply(`${campaign}-1`);
  letThrough();
  await deciding;

  await decide();
  world.skip(2000);
  await retry(world.context, job({ key: `${id}/ask/1/0/1` }));

  expect(wire()).toEqual(['ask/1/0/0']);
  expect(await world.row(`${id}/ask/1/0/1`)).toMatchObject({ status: 'cancelled' });
  const { visit, recent_events } = await world.conversation(id);
  expect(visit).toMatchObject({ responses: 1, follow_ups: 0 });
  expect(recent_events.map(({ type }) => type)).toContain('voided');
  expect(await statusOf(`${campaign}-1`)).toBe('applied');

  world.skip(24 * HOUR_MS);
  await decide();
  expect(wire()).toEqual(['ask/1/0/0', 'ask/1/0/2']); // a key is never used twice
});

it('a reply that comes while its message is on the wire waits for the wire, and then counts as an answer to it', async () => {
  let accept: (outcome: Outcome) => void = () => {};
  world.channel.answer = () =>
    new Promise((resolve) => {
      accept = resolve;
    });
  const sending = decide();
  await until(() => wire().length === 1, { describe: 'the message to be on the wire' });
  await reply(`${campaign}-1`);

  await Promise.all([decide(), decide(), decide()]);
  expect((await world.conversation(id)).inbox).toHaveLength(1);
  expect(await statusOf(`${campaign}-1`)).toBe('queued');
  const again = await world.context.producers.queues.conversations.getJobs(['delayed']);
  expect(again.filter(({ data }) => (data.conversation_ids as string[] | undefined)?.includes(id))).toHaveLength(1);

  accept({ status: 'accepted' });
  await sending;
  await decide();
  expect((await world.conversation(id)).visit).toMatchObject({ responses: 1 });
  expect(await statusOf(`${campaign}-1`)).toBe('applied');
});

it('a reply that is delivered twice is applied once', async () => {
  await decide();
  await Promise.all([reply(`${campaign}-1`), reply(`${campaign}-1`), reply(`${campaign}-1`)]);
  await Promise.all([decide(), decide()]);
  expect(await reply(`${campaign}-1`)).toBe('queued');
  await decide();

  expect(await world.conversation(id)).toMatchObject({ response_count: 1, current_stage: 'ask', inbox: [] });
});

it('replies are applied in the order in which they arrived, however many wait', async () => {
  await decide();
  for (let i = 0; i < 5; i++) await reply(`${campaign}-${i}`, { text: `text ${i}` });
  await decide();

  const { recent_events, latest_response, current_stage } = await world.conversation(id);
  const applied = recent_events.filter(({ type }) => type === 'response').map(({ detail }) => detail?.['id']);
  expect(applied).toEqual([0, 1, 2, 3, 4].map((i) => `${campaign}-${i}`));
  expect(latest_response).toMatchObject({ text: 'text 4' });
  expect(current_stage).toBe('thank');
});

it('a reply to a conversation that is over is kept as late', async () => {
  await decide();
  await world.store.conversations.collection.updateOne({ _id: id as never }, { $set: { status: 'completed' } });

  expect(await reply(`${campaign}-1`)).toBe('late');
  expect(await statusOf(`${campaign}-1`)).toBe('late');
});

it('a reply that lost against the end of its conversation is kept as late', async () => {
  await decide();
  const at = world.context.clock.now();
  await reply(`${campaign}-1`);
  const out = { id: 'out', type: 'opt_out', at };
  await world.store.conversations.collection.updateOne({ _id: id as never }, {
    $push: { inbox: { $each: [out], $position: 0 } },
  } as never);
  await decide();

  expect(await world.conversation(id)).toMatchObject({ status: 'completed', result: 'opted_out' });
  expect(await statusOf(`${campaign}-1`)).toBe('late');
});

it('a reply moves the conversation within a second by its job, past batches that wait, with no scheduler', async () => {
  await decide();
  await reply(`${campaign}-1`);
  await reply(`${campaign}-2`);
  const { producers, config } = world.context;
  const slow = { campaign_id: 'slow', conversation_ids: [] };
  const batches = Array.from({ length: 50 }, () => ({ name: 'advance-batch' as const, payload: slow }));
  await producers.add('conversations', batches);
  await producers.add('conversations', [{ name: 'advance', payload: { conversation_id: id } }]);
  const taken: string[] = [];
  const consumer = consume(
    'conversations',
    {
      'advance-batch': async ({ payload }) => {
        taken.push('batch');
        await advanceBatch(world.context, job({ ...payload, campaign_id: campaign }));
        await new Promise((resolve) => setTimeout(resolve, 50));
      },
      advance: async (one) => {
        taken.push('advance');
        await advanceOne(world.context, one);
      },
    },
    {
      connection: workerConnection(config.redisUrl),
      prefix: config.redisPrefix,
      concurrency: 1,
      retryDelayMs: 1000,
      onError: (error) => taken.push(String(error)),
    },
  );
  await until(async () => (await world.conversation(id)).current_stage === 'thank', { describe: 'the next stage' });
  expect(taken[0]).toBe('advance');
  await producers.queues.conversations.drain();
  await consumer.close();
});
