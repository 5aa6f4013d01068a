import type { Outcome } from '@campaign-manager/channels';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { expiredLeases, expireLease } from '@campaign-manager/core/store';
import { until } from '@campaign-manager/testkit';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { retry } from '../src/jobs/retry.js';
import { ANN, createWorld, job, type World } from './support/world.js';

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
let campaign: string;
let id: string;
let key: string;
let campaigns = 0;

beforeAll(async () => {
  world = await createWorld('outcomes');
}, 60_000);

afterAll(() => world.stop());

async function begin(more: Parameters<World['begin']>[2] = {}): Promise<void> {
  world.channel.wire.length = 0;
  world.channel.answer = () => ({ status: 'accepted' });
  world.channel.available = true;
  campaign = `c${campaigns++}`;
  [id = ''] = await world.begin(campaign, template, more);
  key = `${id}/tell/1/0/0`;
  world.interference.reset();
}

const send = () => advanceBatch(world.context, job({ campaign_id: campaign, conversation_ids: [id] }));

/** Lets the time of the next attempt come, and attempts. */
async function tryAgain(): Promise<void> {
  const { due_at = 0 } = (await world.row(key)) ?? {};
  world.skip(Math.max(0, due_at - world.context.clock.now()) + 1);
  await retry(world.context, job({ key }));
}

afterEach(() => expect(world.channel.open()).toBe(0));

describe('what the channel answers', () => {
  it.each<{
    answer: Outcome;
    policy: 'at_most_once' | 'at_least_once';
    row: { status: string; attempt: number };
    inbox: number;
  }>([
    {
      answer: { status: 'accepted', providerId: 'p' },
      policy: 'at_most_once',
      row: { status: 'sent', attempt: 1 },
      inbox: 0,
    },
    { answer: { status: 'accepted' }, policy: 'at_least_once', row: { status: 'sent', attempt: 1 }, inbox: 0 },
    {
      answer: { status: 'deferred', reason: 'busy' },
      policy: 'at_most_once',
      row: { status: 'retry', attempt: 1 },
      inbox: 0,
    },
    {
      answer: { status: 'deferred', reason: 'busy' },
      policy: 'at_least_once',
      row: { status: 'retry', attempt: 1 },
      inbox: 0,
    },
    {
      answer: { status: 'rejected', reason: 'no such user' },
      policy: 'at_most_once',
      row: { status: 'failed', attempt: 1 },
      inbox: 1,
    },
    {
      answer: { status: 'rejected', reason: 'no such user' },
      policy: 'at_least_once',
      row: { status: 'failed', attempt: 1 },
      inbox: 1,
    },
    {
      answer: { status: 'unknown', reason: 'silence' },
      policy: 'at_most_once',
      row: { status: 'unknown', attempt: 1 },
      inbox: 1,
    },
    {
      answer: { status: 'unknown', reason: 'silence' },
      policy: 'at_least_once',
      row: { status: 'retry', attempt: 1 },
      inbox: 0,
    },
  ])('$answer.status under $policy: the row is $row.status, $inbox event in the inbox', async (one) => {
    await begin({ campaign: { delivery_policy: one.policy } });
    world.channel.answer = () => one.answer;

    await send();

    expect(await world.row(key)).toMatchObject({ ...one.row, policy: one.policy });
    expect((await world.conversation(id)).inbox).toHaveLength(one.inbox);
    expect(world.channel.wire).toHaveLength(1);
  });

  it('a message that is simply accepted costs one commit, one claim and one record, and none to tell of it', async () => {
    await begin();

    await send();

    const writes = [
      'conversations.bulkWrite',
      'messages.bulkWrite',
      'openBatches.insertOne',
      'openBatches.deleteOne',
    ] as const;
    expect(writes.map((write) => world.interference.count(write))).toEqual([1, 2, 1, 1]);
    expect(world.interference.count('conversations.updateOne')).toBe(0);
    expect((await world.conversation(id)).version).toBe(2);
  });

  it('a provider that asks for a pause gets it, and later attempts wait longer and longer', async () => {
    await begin();
    world.channel.answer = () => ({ status: 'deferred', reason: 'busy', afterMs: 90_000 });
    await send();
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      const { due_at = 0 } = (await world.row(key)) ?? {};
      pauses.push((due_at - world.context.clock.now()) / 60_000);
      await tryAgain();
    }

    const least = [1.5, 2, 4, 8, 16, 32, 64, 64];
    for (const [i, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThan((least[i] ?? 0) - 0.1);
      expect(pause).toBeLessThanOrEqual((least[i] ?? 0) * 1.2);
    }
  });

  it('after ten attempts a message that is still deferred has failed, and so has its conversation', async () => {
    await begin();
    world.channel.answer = () => ({ status: 'deferred', reason: 'busy' });
    await send();
    for (let attempt = 2; attempt <= 12; attempt++) await tryAgain();

    expect(world.channel.wire).toHaveLength(10);
    expect(await world.row(key)).toMatchObject({ status: 'failed', attempt: 10 });
    await send();
    expect(await world.conversation(id)).toMatchObject({
      status: 'completed',
      result: 'failed',
      reason: 'undeliverable',
    });
  });

  it('after ten attempts without an answer a message of at_least_once is unknown', async () => {
    await begin({ campaign: { delivery_policy: 'at_least_once' } });
    world.channel.answer = () => ({ status: 'unknown', reason: 'silence' });
    await send();
    for (let attempt = 2; attempt <= 12; attempt++) await tryAgain();

    expect(world.channel.wire).toHaveLength(10);
    expect(await world.row(key)).toMatchObject({ status: 'unknown', attempt: 10 });
  });

  it('a later attempt that is accepted tells the conversation, which moves its deadlines by the delay', async () => {
    await begin();
    world.channel.answer = () => ({ status: 'deferred', reason: 'busy' });
    await send();
    world.channel.answer = () => ({ status: 'accepted' });
    await tryAgain();
    await tryAgain();

    expect(world.channel.wire.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect((await world.conversation(id)).inbox).toHaveLength(1);
    await send();
    const { visit, inbox } = await world.conversation(id);
    expect(inbox).toEqual([]);
    expect(visit.late_ms).toBeGreaterThan(59_000);
  });

  it('a job that comes before its time waits for it, and one too many does nothing', async () => {
    await begin();
    world.channel.answer = () => ({ status: 'deferred', reason: 'busy' });
    await send();
    await retry(world.context, job({ key }));
    expect(world.channel.wire).toHaveLength(1);

    world.channel.answer = () => ({ status: 'accepted' });
    world.skip(80_000);
    await Promise.all([
      retry(world.context, job({ key })),
      retry(world.context, job({ key })),
      retry(world.context, job({ key })),
    ]);
    expect(world.channel.wire).toHaveLength(2);
    expect(world.channel.open()).toBe(0);
  });
});

describe('what never reaches the wire', () => {
  it.each([
    { name: 'has no address', recipient: { _id: 'bob' }, row: { status: 'failed', attempt: 0 } },
    {
      name: 'gave no consent',
      recipient: { ...ANN, consent: { email: false } },
      row: { status: 'suppressed', attempt: 0 },
    },
  ])('a recipient who $name: the conversation ends as undeliverable', async ({ recipient, row }) => {
    await begin({ recipients: [recipient] });
    await send();

    expect(world.channel.wire).toEqual([]);
    expect(await world.row(key)).toMatchObject(row);
    await send();
    expect(await world.conversation(id)).toMatchObject({
      status: 'completed',
      result: 'failed',
      reason: 'undeliverable',
    });
  });

  it('messages whose channel is away wait for it, and leave once when it is back', async () => {
    await begin();
    world.channel.available = false;
    await send();
    expect(await world.row(key)).toMatchObject({
      status: 'retry',
      attempt: 0,
      attempts: [{ reason: 'channel_unavailable' }],
    });
    await tryAgain();
    expect(await world.row(key)).toMatchObject({ status: 'retry', attempt: 0 });

    world.channel.available = true;
    await tryAgain();
    await tryAgain();
    expect(world.channel.wire).toMatchObject([{ key, attempt: 1 }]);
    expect(await world.row(key)).toMatchObject({ status: 'sent', attempt: 1 });
  });

  it('a claim that MongoDB refuses sends nothing, gives the connections back, and leaves the intent open', async () => {
    await begin();
    world.interference.before('messages.bulkWrite', () => Promise.reject(new Error('not the primary')));
    world.interference.before('messages.find', () => Promise.reject(new Error('not the primary')));

    await expect(send()).rejects.toThrow();

    expect(world.channel.wire).toEqual([]);
    expect(world.channel.open()).toBe(0);
    expect(await world.store.openBatches.collection.countDocuments({ campaign_id: campaign })).toBe(1);
    world.interference.reset();
  });
});

describe('an answer that comes late', () => {
  it('is recorded by the same fence after the lease ran out, and a row that was given up is not sent again', async () => {
    await begin();
    let answer: (outcome: Outcome) => void = () => {};
    world.channel.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const sending = send();
    await until(() => world.channel.wire.length === 1, { describe: 'the message to be on the wire' });
    const late = world.context.clock.now() + 60_000;
    for (const row of await expiredLeases(world.store, late, 10)) await expireLease(world.store, row, late, 0);
    expect(await world.row(key)).toMatchObject({ status: 'unknown' });

    await retry(world.context, job({ key }));
    answer({ status: 'accepted', providerId: 'late' });
    await sending;

    expect(await world.row(key)).toMatchObject({ status: 'sent', provider_id: 'late' });
    expect(world.channel.wire).toHaveLength(1);
  });

  it('an outcome that MongoDB does not take is kept and tried again until it does', async () => {
    await begin();
    let refused = 0;
    world.channel.answer = () => {
      world.interference.before('messages.bulkWrite', () => {
        refused += 1;
        if (refused <= 3) throw new Error('MongoDB is away');
      });
      return { status: 'accepted' };
    };
    await send();
    world.interference.reset();

    expect(refused).toBe(4);
    expect(await world.row(key)).toMatchObject({ status: 'sent' });
  });
});
