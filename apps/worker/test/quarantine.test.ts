import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { retry } from '../src/jobs/retry.js';
import { createWorld, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'tell',
  name: 'Tell',
  type: 'sales',
  stages: {
    tell: {
      messages: [{ template: 'News.' }],
      progression_rules: { response_required: true, max_stage_duration_hours: 1000 },
    },
  },
};

let world: World;
let id: string;
let key: string;
let campaigns = 0;

beforeAll(async () => {
  world = await createWorld('quarantine');
}, 60_000);

afterAll(() => world.stop());

/** A message that was deferred once and whose next attempt is due. */
beforeEach(async () => {
  world.interference.reset();
  world.channel.wire.length = 0;
  world.channel.available = true;
  world.channel.answer = () => ({ status: 'deferred', reason: 'busy' });
  const campaign = `c${campaigns++}`;
  [id = ''] = await world.begin(campaign, template);
  key = `${id}/tell/1/0/0`;
  await advanceBatch(world.context, job({ campaign_id: campaign, conversation_ids: [id] }));
  world.channel.answer = () => ({ status: 'accepted' });
});

/** Lets the time of the next attempt come, and attempts. */
async function tryAgain(): Promise<void> {
  const { due_at = 0 } = (await world.row(key)) ?? {};
  world.skip(Math.max(0, due_at - world.context.clock.now()) + 1);
  await retry(world.context, job({ key }));
}

/** A worker that dies of the message: it comes to the conversation, and never any further. */
async function dieOf(): Promise<void> {
  let reached = () => {};
  const deadly = new Promise<void>((resolve) => {
    reached = resolve;
  });
  world.interference.before('recipients.find', () => {
    reached();
    return new Promise(() => {});
  });
  void tryAgain();
  await deadly;
  world.interference.reset();
}

const quarantined = async () =>
  (await world.context.metrics.registry.metrics()).includes(
    'communication_messages_quarantined_total{channel="email"} 1',
  );

it('a message that kills five workers on its way to the claim is put aside, and its conversation is told', async () => {
  for (let death = 1; death <= 5; death++) {
    await dieOf();
    expect(await world.row(key)).toMatchObject({ status: 'retry', starts: death });
  }
  expect(await quarantined()).toBe(false);

  await tryAgain();
  await tryAgain();

  expect(world.channel.wire).toHaveLength(1);
  const row = await world.row(key);
  expect(row).toMatchObject({ status: 'unknown' });
  expect(row?.attempts.at(-1)).toMatchObject({ outcome: 'unknown', reason: 'quarantined' });
  expect(row).not.toHaveProperty('tell');
  expect((await world.conversation(id)).inbox).toMatchObject([{ type: 'delivery', key }]);
  expect(await quarantined()).toBe(true);
});

it('a message that comes as far as the claim is innocent of what its workers died of', async () => {
  for (let death = 1; death <= 4; death++) await dieOf();
  world.channel.answer = () => ({ status: 'deferred', reason: 'busy' });
  await tryAgain();
  expect(await world.row(key)).not.toHaveProperty('starts');

  for (let death = 1; death <= 4; death++) await dieOf();
  world.channel.answer = () => ({ status: 'accepted' });
  await tryAgain();

  expect(await world.row(key)).toMatchObject({ status: 'sent' });
});

it('a fault that its worker survives does not count, however often it comes', async () => {
  world.interference.before('recipients.find', () => Promise.reject(new Error('not the primary')));
  for (let fault = 1; fault <= 7; fault++) await expect(tryAgain()).rejects.toThrow('not the primary');
  world.interference.reset();
  await tryAgain();

  expect(await world.row(key)).toMatchObject({ status: 'sent' });
});

it('nor does a channel that is away', async () => {
  world.channel.available = false;
  for (let wait = 1; wait <= 7; wait++) await tryAgain();
  world.channel.available = true;
  await tryAgain();

  expect(await world.row(key)).toMatchObject({ status: 'sent' });
});

it('a worker that dies between the record and the telling leaves a mark on the row', async () => {
  world.channel.answer = () => ({ status: 'rejected', reason: 'no such user' });
  world.interference.before('conversations.updateOne', () => Promise.reject(new Error('it died here')));
  await expect(tryAgain()).rejects.toThrow('it died here');
  world.interference.reset();

  expect((await world.conversation(id)).inbox).toEqual([]);
  expect(await world.row(key)).toMatchObject({ status: 'failed', tell: true });
});
