import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { advanceOne } from '../src/jobs/advance.js';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { initialize } from '../src/jobs/initialize.js';
import { retry } from '../src/jobs/retry.js';
import { ANN, createWorld, job, type World } from './support/world.js';

/** Three messages, three seconds apart under the factor below. */
const template: CampaignTemplate = {
  _id: 'quick',
  name: 'Quick',
  type: 'sales',
  stages: {
    quick: { messages: [0, 1, 2].map((i) => ({ template: `Message ${i}.`, timing: { delay_hours: 3 * i } })) },
  },
};
const ONE_SECOND_AN_HOUR = 1 / 3600;

let world: World;

beforeEach(async () => {
  world = await createWorld('jobs_too_many', { CAMPAIGN_RETRY_DELAY_SECONDS: '1' });
});

afterEach(() => world.stop());

const waiting = (queue: 'conversations' | 'messages' | 'campaigns') =>
  world.context.producers.queues[queue].getJobs(['waiting', 'delayed']);

it('jobs too many for one conversation do not live on beside each other', async () => {
  const [id = ''] = await world.begin('c', template, { factor: ONE_SECOND_AN_HOUR });
  await advanceOne(world.context, job({ conversation_id: id }));
  await world.context.producers.queues.conversations.drain(true);

  const early = Array.from({ length: 10 }, () => advanceOne(world.context, job({ conversation_id: id })));
  await Promise.all(early);

  expect(await waiting('conversations')).toHaveLength(1);
  world.skip(3100);
  const batches = Array.from({ length: 5 }, () =>
    advanceBatch(world.context, job({ campaign_id: 'c', conversation_ids: [id] })),
  );
  await Promise.all(batches);
  expect(world.channel.wire.map(({ body }) => body)).toEqual(['Message 0.', 'Message 1.']);
  expect((await waiting('conversations')).length).toBeLessThanOrEqual(3);
});

it('a row that waits for an attempt has one job, however often it is looked at too early', async () => {
  const [id = ''] = await world.begin('c', template, { factor: ONE_SECOND_AN_HOUR });
  world.channel.answer = () => ({ status: 'deferred', reason: 'busy' });
  await advanceOne(world.context, job({ conversation_id: id }));
  expect(await waiting('messages')).toHaveLength(1);

  for (let i = 0; i < 10; i++) await retry(world.context, job({ key: `${id}/quick/1/0/0` }));

  expect(await waiting('messages')).toHaveLength(2);
  expect(world.channel.wire).toHaveLength(1);
});

it('pages that were initialised before are not walked through again', async () => {
  const recipients = Array.from({ length: 10_001 }, (_, i) => ({ ...ANN, _id: `p${i}` }));
  await world.begin('c', template, { recipients });
  await world.context.producers.queues.campaigns.drain(true);
  const before = await world.store.conversations.collection.countDocuments({});
  expect(before).toBe(10_000);

  await initialize(world.context, job({ campaign_id: 'c', cursor: '' }));
  expect(await waiting('campaigns')).toHaveLength(0);

  const { initialize_cursor } = (await world.store.campaigns.collection.findOne({ _id: 'c' as never })) as unknown as {
    initialize_cursor: string;
  };
  await initialize(world.context, job({ campaign_id: 'c', cursor: initialize_cursor }));
  expect(await world.store.conversations.collection.countDocuments({})).toBe(10_001);
});
