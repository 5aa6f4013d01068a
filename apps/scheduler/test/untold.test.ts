import { expiredLeases, expireLease, loadConversation } from '@campaign-manager/core/store';
import { dropKeys, testRedisPrefix, testRedisUrl } from '@campaign-manager/testkit';
import { poll } from '../src/poll.js';
import { createWorld, type World } from './support/world.js';

const prefix = testRedisPrefix('untold');
const HOUR_MS = 3_600_000;
let world: World;

beforeAll(async () => {
  world = await createWorld(testRedisUrl(), prefix);
}, 60_000);

afterAll(async () => {
  await world.stop();
  await dropKeys(prefix);
});

async function sending(id: string, more: object = {}): Promise<string> {
  const key = `${id}/ask/1/0/0`;
  const now = world.context.clock.now();
  await world.store.messages.collection.insertOne({
    _id: key as never,
    campaign_id: id.split('/')[0],
    conversation_id: id,
    channel: 'log',
    policy: 'at_most_once',
    status: 'sending',
    attempt: 1,
    fence: 'of one who died',
    due_at: now - 1,
    attempts: [],
    ...more,
  });
  return key;
}

it('a scheduler that dies between giving up on a lease and telling of it leaves the telling to the next sweep', async () => {
  const [id = ''] = await world.running('c', [HOUR_MS]);
  await sending(id);
  const { now } = world.context.clock;
  for (const row of await expiredLeases(world.store, now(), 10)) await expireLease(world.store, row, now(), 0);
  await poll(world.context); // another one may be about to tell
  expect((await loadConversation(world.store, id)).inbox).toEqual([]);

  world.skip(15_001);
  await poll(world.context);
  await poll(world.context);

  expect((await loadConversation(world.store, id)).inbox).toMatchObject([{ type: 'delivery' }]);
  expect((await world.jobs('conversations')).map(({ data }) => data['conversation_id'])).toContain(id);
  const metrics = await world.context.metrics.registry.metrics();
  expect(metrics).toContain('communication_repairs_total{kind="untold_outcome"} 1');
});

it('a message that took five workers with it is put aside: unknown, told, counted once', async () => {
  const [id = ''] = await world.running('d', [HOUR_MS]);
  const key = await sending(id, { policy: 'at_least_once', lost_leases: 4, attempt: 5 });

  await poll(world.context);
  await poll(world.context);

  const row = await world.store.messages.collection.findOne({ _id: key as never });
  expect(row).toMatchObject({ status: 'unknown', attempts: [{ reason: 'quarantined' }] });
  expect(row).not.toHaveProperty('tell');
  expect((await loadConversation(world.store, id)).inbox).toMatchObject([{ type: 'delivery', key }]);
  expect((await world.jobs('messages')).filter(({ data }) => data['key'] === key)).toEqual([]);
  const metrics = await world.context.metrics.registry.metrics();
  expect(metrics).toContain('communication_messages_quarantined_total{channel="log"} 1');
});
