import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { noteBounce, optOutOfMessage, receiveResponse, routeResponse } from '@campaign-manager/core/store';
import { advanceOne } from '../src/jobs/advance.js';
import { createWorld, HOUR_MS, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'ask',
  name: 'Ask',
  type: 'sales',
  stages: {
    ask: {
      messages: [{ template: 'A question.', timing: { follow_up_delay_hours: 24, max_follow_ups: 3 } }],
      progression_rules: { response_required: true, max_stage_duration_hours: 1000 },
    },
    thank: { messages: [{ template: 'Thanks.' }] },
  },
};

let world: World;
let ids: string[];
let campaigns = 0;

beforeAll(async () => {
  world = await createWorld('opt-outs');
}, 60_000);
afterAll(() => world.stop());

/** Two campaigns that have just written to Ann. */
beforeEach(async () => {
  world.channel.wire.length = 0;
  await world.store.suppressions.deleteMany({});
  ids = [];
  for (const _ of [1, 2]) ids.push(...(await world.begin(`c${campaigns++}`, template)));
  for (const id of ids) await decide(id);
  expect(world.channel.wire).toHaveLength(2);
});

const decide = (id = '') => advanceOne(world.context, job({ conversation_id: id }));
const first = () => `${ids[0]}/ask/1/0/0`;
const suppressed = async () =>
  (await world.rows()).filter(
    ({ status, conversation_id }) => status === 'suppressed' && ids.includes(conversation_id),
  );
const at = () => world.context.clock.now();

it('whoever unsubscribes hears nothing more, in any campaign, and both end at once', async () => {
  const wake = (await optOutOfMessage(world.store, first(), { reason: 'unsubscribe', at: at() })) ?? [];
  expect(wake.sort()).toEqual([...ids].sort());
  for (const id of wake) await decide(id);
  world.skip(100 * HOUR_MS);
  for (const id of ids) await decide(id);

  for (const id of ids) {
    expect(await world.conversation(id)).toMatchObject({ status: 'completed', result: 'opted_out', reason: 'opt_out' });
  }
  expect(world.channel.wire).toHaveLength(2);
});

it('STOP is an opt-out and no answer: nobody is thanked for it', async () => {
  const stop = { _id: `stop${campaigns}`, conversation_id: ids[0] ?? '', campaign_id: ids[0]?.split('/')[0] ?? '' };
  const { response } = await receiveResponse(world.store, {
    ...stop,
    status: 'received',
    received_at: at(),
    text: 'STOP',
  });
  for (const id of (await routeResponse(world.store, response)).wake) await decide(id);

  expect(await world.conversation(ids[0] ?? '')).toMatchObject({ result: 'opted_out', response_count: 0 });
  expect(world.channel.wire).toHaveLength(2);
});

it('what is decided when the opt-out comes, and has not passed the gate, stays here', async () => {
  world.skip(24 * HOUR_MS + 1);
  world.interference.before('conversations.aggregate', async () => {
    world.interference.reset();
    await optOutOfMessage(world.store, first(), { reason: 'unsubscribe', at: at() });
  });
  await decide(ids[0]);
  await decide(ids[0]);

  expect(world.channel.wire).toHaveLength(2);
  expect(await world.conversation(ids[0] ?? '')).toMatchObject({ result: 'opted_out', outbox: [] });
});

it('an opt-out whose conversations were never told is kept by the gate alone', async () => {
  world.interference.before('conversations.updateOne', () => Promise.reject(new Error('killed')));
  const dying = optOutOfMessage(world.context.store, first(), { reason: 'complaint', at: at() });
  await expect(dying).rejects.toThrow('killed');
  world.interference.reset();
  world.skip(24 * HOUR_MS + 1);
  for (const id of ids) await decide(id);

  expect(world.channel.wire).toHaveLength(2);
  expect(await suppressed()).toHaveLength(2);
});

it('a permanent bounce ends the conversation of its message; the next message of another is suppressed', async () => {
  await noteBounce(world.store, { messageKey: first(), detail: '5.1.1 no such mailbox', at: at() });
  await decide(ids[0]);
  expect(await world.conversation(ids[0] ?? '')).toMatchObject({ result: 'failed', reason: 'undeliverable' });
  expect(await world.conversation(ids[1] ?? '')).toMatchObject({ status: 'active' });

  world.skip(24 * HOUR_MS + 1);
  await decide(ids[1]);
  expect(await suppressed()).toMatchObject([{ conversation_id: ids[1] }]);
  expect(world.channel.wire).toHaveLength(2);
});
