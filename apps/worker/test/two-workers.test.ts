import type { Outcome } from '@campaign-manager/channels';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import {
  expiredBatches,
  expiredLeases,
  expireLease,
  receiveResponse,
  routeResponse,
} from '@campaign-manager/core/store';
import { until } from '@campaign-manager/testkit';
import { advanceOne } from '../src/jobs/advance.js';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { retry } from '../src/jobs/retry.js';
import { secondWorker } from './support/second-worker.js';
import { createWorld, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'ask',
  name: 'Ask',
  type: 'sales',
  stages: {
    ask: {
      messages: [{ template: 'A question.' }],
      progression_rules: { response_required: true, max_stage_duration_hours: 1000, min_responses_required: 2 },
    },
  },
};

let first: World;
let second: Pick<World, 'context' | 'channel'>;
let id: string;
let key: string;
/** Lets go what a test holds back: also where the test fails on the way. */
let wakeUp = () => {};

beforeEach(async () => {
  first = await createWorld('two_workers');
  second = secondWorker(first);
  [id = ''] = await first.begin('c', template, { campaign: { delivery_policy: 'at_least_once' } });
  key = `${id}/ask/1/0/0`;
});

afterEach(async () => {
  wakeUp();
  expect([first.channel.open(), second.channel.open()]).toEqual([0, 0]);
  await first.stop();
});

const batch = () => job({ campaign_id: 'c', conversation_ids: [id] });

/** The second worker takes over what expired while the first one was silent, as the sweep has it done. */
async function adoptWhatExpired(): Promise<void> {
  first.skip(60_000);
  for (const { _id, campaign_id, conversation_ids } of await expiredBatches(
    first.store,
    first.context.clock.now(),
    10,
  )) {
    await advanceBatch(second.context, job({ campaign_id, conversation_ids: [...conversation_ids], open_batch: _id }));
  }
}

async function expireLeases(): Promise<void> {
  first.skip(60_000);
  const now = first.context.clock.now();
  for (const row of await expiredLeases(first.store, now, 10)) await expireLease(first.store, row, now, 0);
}

it('a worker whose lease ran out cannot overwrite what its successor recorded', async () => {
  first.channel.answer = () =>
    new Promise<Outcome>((resolve) => {
      wakeUp = () => resolve({ status: 'rejected', reason: 'no such user' });
    });
  const sending = advanceBatch(first.context, batch());
  await until(() => first.channel.wire.length === 1, { describe: 'the message to be on the wire' });
  await expireLeases();
  second.channel.answer = () => ({ status: 'deferred', reason: 'greylisted' });
  await retry(second.context, job({ key }));
  const recorded = await first.row(key);
  expect(recorded).toMatchObject({ status: 'retry', attempt: 2 });

  wakeUp();
  await sending;

  expect(await first.row(key)).toEqual(recorded);
  second.channel.answer = () => ({ status: 'accepted' });
  await advanceOne(second.context, job({ conversation_id: id }));
  first.skip(10 * 60_000);
  await retry(second.context, job({ key }));
  expect(await first.row(key)).toMatchObject({ status: 'sent', attempt: 3 });
});

it('a worker that slept before its claim does not send what its successor has sent', async () => {
  wakeUp = first.channel.hold();
  const asleep = advanceBatch(first.context, batch());
  await until(() => first.channel.waiting() === 1, { describe: 'the decision to be committed' });
  await adoptWhatExpired();
  expect(second.channel.wire.map((message) => message.key)).toEqual([key]);

  wakeUp();
  await asleep;

  expect(first.channel.wire).toEqual([]);
  expect(await first.row(key)).toMatchObject({ status: 'sent', attempt: 1 });
});

it('a reply that arrives while a worker decides is not overwritten by the decision', async () => {
  let arrived = false;
  first.interference.before('conversations.bulkWrite', async () => {
    if (arrived) return;
    arrived = true;
    const received = await receiveResponse(first.store, {
      _id: 'reply',
      conversation_id: id,
      campaign_id: 'c',
      status: 'received',
      received_at: first.context.clock.now(),
    });
    expect(await routeResponse(first.store, received.response)).toMatchObject({ status: 'queued' });
  });

  await advanceBatch(first.context, batch());
  await advanceOne(second.context, job({ conversation_id: id }));

  expect(await first.store.responses.collection.findOne({ _id: 'reply' as never })).toMatchObject({
    status: 'applied',
  });
  expect((await first.conversation(id)).recent_events.map(({ type }) => type)).toContain('response');
});

it('what a worker decided and did not live to send is sent by another one, once', async () => {
  first.interference.before('messages.bulkWrite', () => Promise.reject(new Error('the worker dies')));
  await expect(advanceBatch(first.context, batch())).rejects.toThrow('the worker dies');
  expect((await first.conversation(id)).outbox).toMatchObject([{ key }]);

  await adoptWhatExpired();
  await adoptWhatExpired();

  expect(first.channel.wire).toEqual([]);
  expect(second.channel.wire.map((message) => message.key)).toEqual([key]);
});

it('a worker that was suspended between its claim and the wire sends nothing: its lease may run out on the way', async () => {
  const realNow = Date.now;
  let suspendedMs = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + suspendedMs);
  try {
    first.interference.before('messages.bulkWrite', () => {
      suspendedMs = 5500; // the lease is 7 s, the channel may take 2 s
    });
    await advanceBatch(first.context, batch());
  } finally {
    jest.restoreAllMocks();
  }

  expect(first.channel.wire).toEqual([]);
  expect(await first.row(key)).toMatchObject({ status: 'retry', attempt: 0 });
  first.skip(2000);
  await retry(second.context, job({ key }));
  expect(second.channel.wire.map((message) => message.key)).toEqual([key]);
});

it('a worker does not claim what the limit of its channel, which another one has used up, keeps back', async () => {
  const limited = await createWorld('limit', { EMAIL_MAX_PER_SECOND: '0.05' });
  try {
    const other = secondWorker(limited);
    const recipients = ['ann', 'bob'].map((name) => ({ _id: name, first_name: name, email: `${name}@example.test` }));
    const [ann = '', bob = ''] = await limited.begin('c', template, { recipients });
    await advanceBatch(limited.context, job({ campaign_id: 'c', conversation_ids: [ann] }));
    await advanceBatch(other.context, job({ campaign_id: 'c', conversation_ids: [bob] }));

    expect(limited.channel.wire).toHaveLength(1);
    expect(other.channel.wire).toEqual([]);
    expect(other.channel.open()).toBe(0);
    expect(await limited.row(`${bob}/ask/1/0/0`)).toMatchObject({ status: 'retry', attempt: 0, fence: '' });
  } finally {
    await limited.stop();
  }
});
