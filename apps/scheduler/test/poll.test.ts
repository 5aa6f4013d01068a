import {
  addEvent,
  cancelCampaign,
  loadCampaign,
  openBatch,
  pauseCampaign,
  pauseChannel,
  receiveResponse,
  recordEscalations,
  resumeCampaign,
  resumeChannel,
  routeResponse,
} from '@campaign-manager/core/store';
import { startRedis } from '@campaign-manager/local-stack';
import { finished } from '@campaign-manager/queues';
import { dropKeys, testRedisPrefix, testRedisUrl, until } from '@campaign-manager/testkit';
import { draftCampaign, launch } from '../../../tests/support/campaign.js';
import { createMemory } from '../src/memory.js';
import { hasUnseen, poll, refill } from '../src/poll.js';
import { createWorld, template, type World } from './support/world.js';

const prefix = testRedisPrefix('poll');
const INTERVAL_MS = 10_000;
let world: World;

beforeAll(async () => {
  world = await createWorld(testRedisUrl(), prefix);
}, 60_000);

afterAll(async () => {
  await world.stop();
  await dropKeys(prefix);
});

/** Every test begins with nothing in MongoDB and Redis. */
beforeEach(async () => {
  for (const model of Object.values(world.store.connection.models)) await model.collection.deleteMany({});
  await world.clearQueues();
  await dropKeys(prefix);
});

const times = (count: number, dueInMs: number) => Array.from({ length: count }, () => dueInMs);
const names = async (queue: Parameters<World['jobs']>[0]) => (await world.jobs(queue)).map(({ name }) => name);

describe('starting', () => {
  it('a scheduled campaign starts by itself at its start, not before, and its conversations are created', async () => {
    const start_at = world.context.clock.now() + 5000;
    await launch(world.store, template, draftCampaign('c', template, { start_at }), [], 1);
    await poll(world.context);
    expect(await loadCampaign(world.store, 'c')).toMatchObject({ status: 'scheduled', started_at: null });
    expect(await names('campaigns')).toEqual([]);

    world.skip(5001);
    await Promise.all([poll(world.context), poll(await world.another())]);
    await poll(world.context);

    expect(await loadCampaign(world.store, 'c')).toMatchObject({ status: 'running', revision: 3 });
    expect((await world.jobs('campaigns')).map(({ name, data }) => [name, data])).toEqual([
      ['initialize', { campaign_id: 'c', cursor: '' }],
    ]);
  });

  it('a campaign that ended before it began is initialised first, so that its conversations end as expired', async () => {
    const past = world.context.clock.now() - 1000;
    await launch(world.store, template, draftCampaign('c', template, { start_at: past - 1, end_at: past }), [], 1);
    await poll(world.context);

    expect(await names('campaigns')).toEqual(['initialize']);
  });
});

describe('the horizon', () => {
  it('what falls due within one interval is handed out once, however many schedulers poll; what is later is not', async () => {
    const due = [...times(35, -5000), ...Array.from({ length: 200 }, (_, i) => i * 49)];
    const ids = await world.running('c', [...due, ...times(20, INTERVAL_MS + 5000)]);

    await Promise.all([poll(world.context), poll(await world.another()), poll(await world.another())]);
    await poll(world.context);

    const handedOut = await world.handedOut();
    expect([...handedOut.keys()].sort()).toEqual(ids.slice(0, due.length));
    expect(new Set(handedOut.values())).toEqual(new Set([1]));
  });

  it('a batch runs at the end of its slice: no conversation before its time, none more than a second late', async () => {
    const due = Array.from({ length: 100 }, (_, i) => i * 99);
    const ids = await world.running('c', due);
    const polled = world.context.clock.now();
    await poll(world.context);

    const found = await world.jobs('conversations');
    expect(found.length).toBeLessThanOrEqual(2 + INTERVAL_MS / 1000 + due.length / 10);
    for (const { data, delay } of found) {
      const batch = data['conversation_ids'] as string[];
      expect(batch.length).toBeLessThanOrEqual(10);
      for (const id of batch) {
        const conversation = await world.store.conversations.collection.findOne({ _id: id as never });
        const lateMs = delay === 0 ? 0 : polled + delay - Number(conversation?.['next_action_at']);
        expect(lateMs).toBeGreaterThanOrEqual(-200); // the poll itself took a moment
        expect(lateMs).toBeLessThanOrEqual(1000);
      }
    }
    expect((await world.handedOut()).size).toBe(ids.length);
  });

  it('a conversation that nobody decided is handed out again when its mark has gone', async () => {
    const short = await createWorld(testRedisUrl(), `${prefix}_short`, { CAMPAIGN_POLLING_INTERVAL_SECONDS: '2' });
    try {
      const [id = ''] = await short.running('c', [-1]);
      await poll(short.context);
      await poll(short.context);
      expect((await short.handedOut()).get(id)).toBe(1);
      await until(
        async () => {
          await poll(short.context);
          return (await short.handedOut()).get(id) === 2;
        },
        { describe: "the mark to go, after one interval by Redis's clock" },
      );
    } finally {
      await short.stop();
    }
  });
});

describe('the quota', () => {
  it('a huge campaign gets no more than its share, by priority, and does not starve a small one', async () => {
    await world.running('a-huge', times(3000, -1), { metadata: { priority: 'low' } });
    const small = await world.running('z-small', times(5, -1));

    expect(await poll(world.context)).toMatchObject({ handedOut: 255, backlog: true });
    expect(await poll(world.context)).toMatchObject({ handedOut: 0, backlog: true });
    const handedOut = await world.handedOut();
    expect(small.map((id) => handedOut.get(id))).toEqual([1, 1, 1, 1, 1]);

    const [first, second] = (await world.jobs('conversations')).filter(({ data }) => data['campaign_id'] === 'a-huge');
    for (const done of [first, second]) {
      const { redis } = world.context.producers;
      await finished(redis, prefix, 'a-huge', done?.id ?? '');
    }
    expect(await poll(world.context)).toMatchObject({ handedOut: 20, backlog: true });
  });

  it('a rest that is smaller than a page counts as a backlog as well', async () => {
    await world.running('c', times(300, -1), { metadata: { priority: 'low' } });
    expect(await poll(world.context)).toEqual({ handedOut: 250, backlog: true });
  });

  it('is refilled between polls from where the hand-out stopped; what was lost behind that is found by the next poll', async () => {
    const ids = await world.running('c', times(600, -1), { metadata: { priority: 'low' } });
    const memory = createMemory();
    const emptyRedis = () => world.clearQueues().then(() => dropKeys(prefix));
    const handedOut = async () => [...(await world.handedOut()).keys()].sort();

    await poll(world.context, memory);
    expect(await handedOut()).toEqual(ids.slice(0, 250));

    await emptyRedis();
    expect(await refill(world.context, memory)).toEqual({ handedOut: 250, backlog: true });
    expect(await handedOut()).toEqual(ids.slice(250, 500));

    await emptyRedis();
    expect(await refill(world.context, memory)).toEqual({ handedOut: 100, backlog: false });
    expect(await refill(world.context, memory)).toEqual({ handedOut: 0, backlog: false });

    await emptyRedis();
    await poll(world.context, memory);
    expect(await handedOut()).toEqual(ids.slice(0, 250));
  });

  it('of a campaign that is paused meanwhile is not refilled', async () => {
    await world.running('c', times(600, -1), { metadata: { priority: 'low' } });
    const memory = createMemory();
    await poll(world.context, memory);
    await world.clearQueues();
    await pauseCampaign(world.store, 'c', world.context.clock.now());

    expect(await refill(world.context, memory)).toEqual({ handedOut: 0, backlog: false });
    expect(memory.behind.size).toBe(0);
  });

  it('of a campaign that began after the poll is refilled, from its beginning', async () => {
    const memory = createMemory();
    await poll(world.context, memory);
    expect(await hasUnseen(world.context, memory)).toBe(false);

    const ids = await world.running('c', times(300, -1), { metadata: { priority: 'low' } });
    expect(await hasUnseen(world.context, memory)).toBe(true);
    expect(await refill(world.context, memory)).toEqual({ handedOut: 250, backlog: true });
    expect([...(await world.handedOut()).keys()].sort()).toEqual(ids.slice(0, 250));

    await poll(world.context, memory);
    expect(await hasUnseen(world.context, memory)).toBe(false);
  });

  it.each([
    { what: 'whose conversations were not complete', change: { conversation_states_initialized: false } },
    { what: 'that was paused', change: { status: 'paused' } },
  ] as const)('a campaign $what when the poll saw it is looked at again before the next', async ({ change }) => {
    await world.running('c', times(10, -1));
    const memory = createMemory();
    await poll(world.context, memory);
    await world.store.campaigns.updateOne({ _id: 'c' }, change);
    await poll(world.context, memory);

    await world.store.campaigns.updateOne({ _id: 'c' }, { status: 'running', conversation_states_initialized: true });
    expect(await hasUnseen(world.context, memory)).toBe(true);
  });

  it('jobs that Redis has lost do not count: the quota heals by itself', async () => {
    await world.running('c', times(600, -1), { metadata: { priority: 'low' } });
    await poll(world.context);
    await world.context.producers.queues.conversations.drain(true);

    expect(await poll(world.context)).toMatchObject({ handedOut: 250 });
  });

  it('counts the jobs that it puts into the queue', async () => {
    const scheduler = await world.another();
    await world.running('c', times(35, -1));
    await poll(scheduler);
    expect(await scheduler.metrics.registry.metrics()).toContain(
      'jobs_enqueued_total{queue="conversations",name="advance-batch"} 4',
    );
  });
});

it('after FLUSHALL everything that is due is handed out again within one poll', async () => {
  const redis = await startRedis({});
  const own = await createWorld(redis.uri, 'flushed');
  try {
    const ids = await own.running('c', [...times(300, -1), ...times(100, 5000)]);
    await own.store.messages.collection.insertOne(row('c', 'c/p000001', { status: 'retry', due_at: 1 }) as never);
    await poll(own.context);
    await own.context.producers.redis.flushall();
    expect((await own.handedOut()).size).toBe(0);

    await poll(own.context);

    const handedOut = await own.handedOut();
    expect(ids.every((id) => handedOut.get(id) === 1)).toBe(true);
    expect((await own.jobs('messages')).map(({ data }) => data)).toEqual([{ key: 'c/p000001/ask/1/0/0' }]);
  } finally {
    await own.stop();
    await redis.stop();
  }
}, 60_000);

function row(campaign_id: string, conversation_id: string, more: object) {
  return {
    _id: `${conversation_id}/ask/1/0/0`,
    campaign_id,
    conversation_id,
    recipient_id: 'p',
    policy: 'at_most_once',
    attempt: 1,
    fence: 'f',
    attempts: [],
    ...more,
  };
}

describe('the sweep', () => {
  it.each([
    { policy: 'at_most_once', status: 'unknown', inbox: 1, jobs: 1 },
    { policy: 'at_least_once', status: 'retry', inbox: 0, jobs: 0 },
  ])('a lease that ran out under $policy: the row becomes $status', async ({ policy, status, inbox, jobs }) => {
    const [id = ''] = await world.running('c', [60_000]);
    const now = world.context.clock.now();
    await world.store.messages.collection.insertMany([
      row('c', id, { status: 'sending', due_at: now - 1, policy }),
      { ...row('c', id, { status: 'sending', due_at: now + 5000, policy }), _id: `${id}/alive` },
    ] as never);

    await Promise.all([poll(world.context), poll(await world.another())]);

    const rows = await world.store.messages.collection.find({}).sort({ _id: -1 }).toArray();
    expect(rows.map((found) => found['status']).sort()).toEqual(['sending', status].sort());
    expect((await world.store.conversations.collection.findOne({ _id: id as never }))?.['inbox']).toHaveLength(inbox);
    expect((await names('conversations')).filter((name) => name === 'advance')).toHaveLength(jobs);
    if (status === 'retry') {
      await poll(world.context);
      expect(await names('messages')).toEqual(['retry']);
    }
  });

  it('a batch whose worker is gone is handed to another one, once', async () => {
    const now = world.context.clock.now();
    const batch = { campaign_id: 'c', conversation_ids: ['c/a', 'c/b'] };
    await openBatch(world.store, { ...batch, _id: 'dead', lease_until: now - 1 });
    await openBatch(world.store, { ...batch, _id: 'alive', lease_until: now + 5000 });

    await poll(world.context);
    await poll(world.context);

    expect((await world.jobs('conversations')).map(({ data }) => data)).toEqual([{ ...batch, open_batch: 'dead' }]);
  });

  it('a reply that was kept and reached nobody is pushed again; one that waits in an inbox gets no job', async () => {
    const [a = '', b = ''] = await world.running('c', [60_000, 60_000]);
    const received_at = world.context.clock.now();
    const reply = { campaign_id: 'c', status: 'received' as const, received_at };
    await receiveResponse(world.store, { ...reply, _id: 'ra', conversation_id: a });
    const { response } = await receiveResponse(world.store, { ...reply, _id: 'rb', conversation_id: b });
    await routeResponse(world.store, response);
    await poll(world.context);
    expect((await names('conversations')).filter((name) => name === 'advance')).toEqual([]);

    world.skip(16_000);
    await poll(world.context);
    await poll(world.context);

    expect(
      (await world.jobs('conversations')).filter(({ name }) => name === 'advance').map(({ data }) => data),
    ).toEqual([{ conversation_id: a }]);
    expect((await world.store.conversations.collection.findOne({ _id: a as never }))?.['inbox']).toHaveLength(1);
  });

  it('an escalation that nobody was told of is announced again, once at a time', async () => {
    const effect = {
      kind: 'escalation',
      key: 'c/p/ask/1',
      stage: 'ask',
      visit: 1,
      action: 'x',
      decided_at: 1,
    } as const;
    const now = world.context.clock.now();
    await recordEscalations(world.store, [{ conversationId: 'c/p', campaignId: 'c', effect }], now);
    await poll(world.context);
    expect(await names('notifications')).toEqual([]);

    world.skip(16_000);
    await poll(world.context);
    await poll(world.context);
    expect((await world.jobs('notifications')).map(({ data }) => data)).toEqual([
      { escalation_id: 'c/p/ask/1', repair: true },
    ]);
  });

  it('retries that fall due within the interval are handed out, at their time, once', async () => {
    await world.running('c', [60_000]);
    const now = world.context.clock.now();
    await world.store.messages.collection.insertMany(
      [-1000, 4000, INTERVAL_MS + 5000].map((inMs, i) =>
        row('c', `c/p${i}`, { status: 'retry', due_at: now + inMs }),
      ) as never,
    );

    await Promise.all([poll(world.context), poll(await world.another())]);

    const found = (await world.jobs('messages')).sort((x, y) => x.delay - y.delay);
    expect(found.map(({ data }) => data['key'])).toEqual(['c/p0/ask/1/0/0', 'c/p1/ask/1/0/0']);
    expect(found[1]?.delay).toBeGreaterThan(3000);
    expect(found[1]?.delay).toBeLessThanOrEqual(4000);
  });
});

describe('pausing and ending', () => {
  it('what waits for a paused channel stays in the ledger, and is handed out after the resume', async () => {
    const channel = { by: 'tests', now: world.context.clock.now() };
    const ids = await world.running('c', [-1000], { channel: 'email' });
    await world.running('other', [60_000], { channel: 'webhook' });
    await world.store.messages.collection.insertMany([
      row('c', ids[0] ?? '', { status: 'retry', due_at: 1 }),
      row('other', 'other/p000000', { status: 'retry', due_at: 1 }),
    ] as never);
    await pauseChannel(world.store, 'email', channel);
    await poll(world.context);
    const waiting = async () => (await world.jobs('messages')).map(({ data }) => data['key']);
    expect(await waiting()).toEqual(['other/p000000/ask/1/0/0']);
    expect(await names('conversations')).toEqual(['advance-batch']); // deciding goes on: replies are answered

    await resumeChannel(world.store, 'email', channel);
    await poll(world.context);
    expect((await waiting()).sort()).toEqual(['c/p000000/ask/1/0/0', 'other/p000000/ask/1/0/0']);
  });

  it('where more retries are due than one poll hands out, the next one does not wait for its interval', async () => {
    await world.running('c', [60_000]);
    const rows = Array.from({ length: 1001 }, (_, i) => row('c', `c/q${i}`, { status: 'retry', due_at: 1 }));
    await world.store.messages.collection.insertMany(rows as never);
    expect(await poll(world.context)).toMatchObject({ backlog: true });

    await world.store.messages.collection.deleteMany({ conversation_id: { $in: ['c/q1', 'c/q2'] } });
    expect(await poll(world.context)).toMatchObject({ backlog: false });
  });

  it('a paused campaign hands nothing out; after the resume everything comes as much later', async () => {
    const ids = await world.running('c', [-1000, 3000, 9000]);
    await world.store.messages.collection.insertOne(row('c', ids[0] ?? '', { status: 'retry', due_at: 1 }) as never);
    await pauseCampaign(world.store, 'c', world.context.clock.now());
    await poll(world.context);
    expect([await names('conversations'), await names('messages')]).toEqual([[], []]);

    world.skip(60_000);
    await poll(world.context);
    expect([await names('conversations'), await names('messages')]).toEqual([[], []]);
    await resumeCampaign(world.store, 'c', world.context.clock.now());
    await poll(world.context);

    expect([...(await world.handedOut()).keys()].sort()).toEqual(ids);
    expect((await world.jobs('conversations')).map(({ delay }) => delay > 0).sort()).toEqual([false, true, true]);
    expect(await names('messages')).toEqual(['retry']);
  });

  it('an event makes a conversation due at once, also in a campaign that was paused for long', async () => {
    const [id = ''] = await world.running('c', [500_000]);
    await pauseCampaign(world.store, 'c', world.context.clock.now());
    world.skip(3_600_000);
    await resumeCampaign(world.store, 'c', world.context.clock.now());
    await addEvent(world.store, id, { id: 'e', type: 'opt_out', at: 1 });
    await poll(world.context);

    expect((await world.jobs('conversations')).map(({ delay, data }) => [delay, data['conversation_ids']])).toEqual([
      [0, [id]],
    ]);
  });

  it.each([
    ['its end has come', (now: number) => ({ end_at: now - 1 })],
    [
      'its end has come while it is paused',
      (now: number) => ({ end_at: now - 1, status: 'paused', paused_at: now - 5 }),
    ],
    ['it was cancelled', () => ({ status: 'cancelled' })],
  ])('a campaign is closed when %s, by one job', async (_, change) => {
    await world.running('c', [60_000]);
    const set = change(world.context.clock.now());
    await world.store.campaigns.collection.updateOne({ _id: 'c' as never }, { $set: set });
    await Promise.all([poll(world.context), poll(await world.another())]);

    expect((await world.jobs('campaigns')).map(({ name, data }) => [name, data])).toEqual([
      ['close', { campaign_id: 'c' }],
    ]);
  });

  it('a cancelled campaign that has ended is left alone', async () => {
    const [id = ''] = await world.running('c', [60_000]);
    await world.change(id, { status: 'completed' });
    await cancelCampaign(world.store, 'c');
    await world.store.campaigns.collection.updateOne({ _id: 'c' as never }, { $set: { ended_at: 1 } });
    await poll(world.context);
    expect(await names('campaigns')).toEqual([]);
  });

  it.each([
    { open: 'an active conversation', conversation: 'active', status: 'sent', closed: false },
    { open: 'a blocked conversation', conversation: 'blocked', status: 'sent', closed: false },
    { open: 'a row that waits for an attempt', conversation: 'completed', status: 'retry', closed: false },
    { open: 'a message on the wire', conversation: 'completed', status: 'sending', closed: false },
    { open: 'nothing', conversation: 'completed', status: 'sent', closed: true },
  ])('with $open open: completed is $closed', async ({ conversation, status, closed }) => {
    const [id = ''] = await world.running('c', [60_000]);
    await world.change(id, { status: conversation as 'active' });
    const due_at = world.context.clock.now() + 60_000;
    const open = status === 'sent' ? {} : { due_at };
    await world.store.messages.collection.insertOne(row('c', id, { status, ...open }) as never);
    await poll(world.context);

    expect(await names('campaigns')).toEqual(closed ? ['close'] : []);
  });
});

it('a campaign that cannot be polled does not keep the others from it', async () => {
  await world.running('broken', times(3, -1));
  const ids = await world.running('c', times(3, -1));
  const { producers } = world.context;
  const add: typeof producers.add = (queue, jobs) =>
    jobs.some(({ payload }) => (payload as { campaign_id?: string }).campaign_id === 'broken')
      ? Promise.reject(new Error('not this one'))
      : producers.add(queue, jobs);

  await poll({ ...world.context, producers: { ...producers, add } });

  expect([...(await world.handedOut()).keys()].sort()).toEqual(ids);
});
