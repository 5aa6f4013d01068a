import type { ConversationDocument } from '@campaign-manager/core/models';
import {
  addEvent,
  cancelCampaign,
  loadCampaign,
  loadConversation,
  openBatch,
  receiveResponse,
  recordEscalations,
  resumeCampaign,
} from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { createMetrics } from '@campaign-manager/runtime';
import { dropKeys, testRedisPrefix, testRedisUrl } from '@campaign-manager/testkit';
import { draftCampaign, launch } from '../../../tests/support/campaign.js';
import { createMemory, type Memory } from '../src/memory.js';
import { poll } from '../src/poll.js';
import { createWorld, template, type World } from './support/world.js';

const prefix = testRedisPrefix('healing');
const INTERVAL_MS = 10_000;
const HOUR_MS = 3_600_000;

/** A scheduler with eyes of its own: what it counted, what it logged, what it remembers. */
interface Scheduler {
  readonly context: Ports;
  readonly memory: Memory;
  readonly log: readonly { readonly repair: string; readonly repairs: number }[];
}

let world: World;
let schedulers: readonly Scheduler[];

beforeAll(async () => {
  world = await createWorld(testRedisUrl(), prefix);
}, 60_000);

afterAll(async () => {
  await world.stop();
  await dropKeys(prefix);
});

/** Every test begins with nothing in MongoDB and Redis, and with two schedulers. */
beforeEach(async () => {
  for (const model of Object.values(world.store.connection.models)) await model.collection.deleteMany({});
  await world.clearQueues();
  await dropKeys(prefix);
  schedulers = [newScheduler(), newScheduler()];
});

function newScheduler(): Scheduler {
  const log: { repair: string; repairs: number }[] = [];
  const logger = {
    ...world.context.logger,
    info: () => {},
    error: () => {},
    warn: (line: object) => void log.push(line as never),
  };
  const metrics = createMetrics({ enableMetrics: false });
  return { context: { ...world.context, metrics, logger: logger as never }, memory: createMemory(), log };
}

/** All schedulers look at once. */
const pollAll = () => Promise.all(schedulers.map(({ context, memory }) => poll(context, memory)));

/** What all of them have repaired by now, by their counters, which their log must tell as well. */
async function repairs(): Promise<Readonly<Record<string, number>>> {
  const counted: Record<string, number> = {};
  const logged: Record<string, number> = {};
  for (const { context, log } of schedulers) {
    const { values = [] } =
      (await context.metrics.registry.getSingleMetric('communication_repairs_total')?.get()) ?? {};
    for (const { labels, value } of values.filter(({ value }) => value > 0)) {
      const kind = String(labels['kind']);
      counted[kind] = (counted[kind] ?? 0) + value;
    }
    for (const line of log) logged[line.repair] = (logged[line.repair] ?? 0) + line.repairs;
  }
  expect(logged).toEqual(counted);
  return counted;
}

const linesOf = (repair: string) => schedulers.flatMap(({ log }) => log.filter((line) => line.repair === repair));
const payloads = async (queue: Parameters<World['jobs']>[0]) =>
  (await world.jobs(queue)).map(({ name, data }) => [name, data]);
const set = (id: string, change: object) =>
  world.store.campaigns.collection.updateOne({ _id: id as never }, { $set: change });

async function insertRow(conversation: string, more: object): Promise<string> {
  const key = `${conversation}/ask/1/0/0`;
  const campaign_id = conversation.split('/')[0];
  await world.store.messages.collection.insertOne({
    _id: key as never,
    campaign_id,
    conversation_id: conversation,
    channel: 'email',
    policy: 'at_most_once',
    attempt: 1,
    fence: 'f',
    attempts: [],
    ...more,
  });
  return key;
}

const effectOf = (conversation: string, decided_at: number) =>
  ({
    kind: 'message',
    key: `${conversation}/ask/1/0/0`,
    stage: 'ask',
    visit: 1,
    index: 0,
    ordinal: 0,
    decided_at,
  }) as const;

describe('conversations that were due for long', () => {
  const OVERDUE_MS = -2 * INTERVAL_MS - 1000;

  async function decided(count: number, dueInMs: number, more: Partial<ConversationDocument> = {}): Promise<string[]> {
    const ids = await world.running(
      'c',
      Array.from({ length: count }, () => dueInMs),
    );
    for (const id of ids) await world.change(id, { version: 3, ...more });
    return ids;
  }

  it('are handed out, counted once each, and logged in one line for all of a campaign', async () => {
    await decided(7, OVERDUE_MS);
    schedulers = schedulers.slice(0, 1);

    await pollAll();
    await pollAll();

    expect(await repairs()).toEqual({ late_conversation: 7 });
    expect(linesOf('late_conversation')).toHaveLength(1);
    expect((await world.handedOut()).size).toBe(7);
  });

  it('are counted by whichever scheduler handed them out', async () => {
    await decided(20, OVERDUE_MS);
    await pollAll();
    expect(await repairs()).toEqual({ late_conversation: 20 });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['are due since less than two intervals', () => decided(3, -2 * INTERVAL_MS + 2000)],
    ['were created just now, though their campaign began long ago', () => world.running('c', [OVERDUE_MS])],
    [
      'are due by a reply that has just come',
      async () => {
        const [id = ''] = await decided(1, HOUR_MS);
        await addEvent(world.store, id, { id: 'e', type: 'opt_out', at: world.context.clock.now() });
      },
    ],
  ])('are none that %s', async (_, given) => {
    await given();
    await pollAll();
    expect((await world.handedOut()).size).toBeGreaterThan(0);
    expect(await repairs()).toEqual({});
  });

  it('are those whose reply was left lying, too', async () => {
    const [id = ''] = await decided(1, HOUR_MS);
    const at = world.context.clock.now() - 60_000 + OVERDUE_MS;
    await addEvent(world.store, id, { id: 'e', type: 'opt_out', at });
    await pollAll();
    expect(await repairs()).toEqual({ late_conversation: 1 });
  });

  it('are none where the quota kept them back', async () => {
    await decided(300, OVERDUE_MS);
    await set('c', { metadata: { priority: 'low' } });
    schedulers = schedulers.slice(0, 1);
    await pollAll();
    await dropKeys(`${prefix}:outstanding`);
    await pollAll();
    expect((await world.handedOut()).size).toBe(300);
    expect(await repairs()).toEqual({});
  });
});

it('a conversation without a time to look at it again gets one, once, and is handed out', async () => {
  const [none = '', nan = ''] = await world.running('c', [HOUR_MS, HOUR_MS, HOUR_MS]);
  await world.store.conversations.collection.updateOne({ _id: none as never }, { $unset: { next_action_at: '' } });
  await world.change(nan, { next_action_at: Number.NaN });

  await pollAll();
  await pollAll();

  expect(await repairs()).toEqual({ untimed_conversation: 2 });
  expect([...(await world.handedOut()).keys()].sort()).toEqual([none, nan]);
});

describe('an effect that nobody brings about', () => {
  async function conversationWith(decidedAgoMs: number, more: Partial<ConversationDocument> = {}): Promise<string> {
    const [id = ''] = await world.running('c', [HOUR_MS]);
    const effect = effectOf(id, world.context.clock.now() - decidedAgoMs);
    await world.change(id, { outbox: [effect], ...more });
    return id;
  }

  it('is stated as an intent once more, which another worker adopts', async () => {
    const id = await conversationWith(61_000);

    await pollAll();
    await pollAll();

    expect(await repairs()).toEqual({ lost_effect: 1 });
    const open_batch = `lost/${id}/1`;
    expect(await payloads('conversations')).toEqual([
      ['advance-batch', { campaign_id: 'c', conversation_ids: [id], open_batch }],
    ]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['was decided a moment ago', () => conversationWith(59_000)],
    ['has its row', async () => insertRow(await conversationWith(HOUR_MS), { status: 'sent', settled_at: 1 })],
    [
      'stands in an open batch',
      async () => {
        const id = await conversationWith(HOUR_MS);
        const lease_until = world.context.clock.now() + HOUR_MS;
        await openBatch(world.store, { _id: 'alive', campaign_id: 'c', conversation_ids: [id], lease_until });
      },
    ],
    ['waits in a blocked conversation', () => conversationWith(HOUR_MS, { status: 'blocked' })],
  ])('is none that %s', async (_, given) => {
    await given();
    await pollAll();
    expect(await repairs()).toEqual({});
  });
});

describe('campaigns', () => {
  it('that should have started long ago start, and it is counted once', async () => {
    const start_at = world.context.clock.now() + 5000;
    await launch(world.store, template, draftCampaign('c', template, { start_at }), [], 1);
    world.skip(5000 + 2 * INTERVAL_MS + 1000);
    await pollAll();
    await pollAll();
    expect(await repairs()).toEqual({ late_start: 1 });
    expect((await loadCampaign(world.store, 'c')).status).toBe('running');
  });

  it('that start in time are no repair', async () => {
    const start_at = world.context.clock.now() + 5000;
    await launch(world.store, template, draftCampaign('c', template, { start_at }), [], 1);
    world.skip(5000 + INTERVAL_MS);
    await pollAll();
    expect(await repairs()).toEqual({});
  });

  it('whose audience is half initialised are told so where the job was lost; the first job is none', async () => {
    await launch(world.store, template, draftCampaign('c', template), [], 1);
    await set('c', { started_at: world.context.clock.now() });
    await pollAll();
    expect(await payloads('campaigns')).toEqual([['initialize', { campaign_id: 'c', cursor: '' }]]);

    world.skip(2 * INTERVAL_MS + 1000);
    await pollAll();
    expect(await payloads('campaigns')).toEqual([['initialize', { campaign_id: 'c', cursor: '' }]]); // it only waits

    await world.clearQueues();
    await pollAll();
    expect(await payloads('campaigns')).toEqual([['initialize', { campaign_id: 'c', cursor: '', repair: true }]]);
  });

  it('that are resumed have their next page at once: nothing was lost', async () => {
    await launch(world.store, template, draftCampaign('c', template), [], 1);
    await set('c', { status: 'paused', paused_at: world.context.clock.now() });
    world.skip(HOUR_MS);
    await resumeCampaign(world.store, 'c', world.context.clock.now());
    await pollAll();
    expect(await payloads('campaigns')).toEqual([['initialize', { campaign_id: 'c', cursor: '' }]]);
  });

  it('that were paused before they were initialised, and whose end has come, are initialised to be ended', async () => {
    await launch(world.store, template, draftCampaign('c', template), [], 1);
    const now = world.context.clock.now();
    await set('c', { status: 'paused', paused_at: now, end_at: now - 1 });
    await pollAll();
    expect(await payloads('campaigns')).toEqual([['initialize', { campaign_id: 'c', cursor: '' }]]);
    await set('c', { conversation_states_initialized: true });
    await world.clearQueues();
    await pollAll();
    expect(await payloads('campaigns')).toEqual([['close', { campaign_id: 'c' }]]);
  });

  it('that were cancelled long ago and are still open are told so', async () => {
    await world.running('c', [HOUR_MS]);
    await cancelCampaign(world.store, 'c', world.context.clock.now());
    await pollAll();
    expect(await payloads('campaigns')).toEqual([['close', { campaign_id: 'c' }]]);
    await world.clearQueues();
    world.skip(121_000);
    await pollAll();
    expect(await payloads('campaigns')).toEqual([['close', { campaign_id: 'c', repair: true }]]);
  });

  it.each([
    ['an open conversation', 'active', 'sent'],
    ['a blocked conversation', 'blocked', 'sent'],
    ['a message that waits for another attempt', 'completed', 'retry'],
  ])('that ended and have %s left are closed once more; those that live are left alone', async (_, status, row) => {
    const [id = ''] = await world.running('c', [HOUR_MS]);
    await world.change(id, { status: status as 'active' });
    await insertRow(id, { status: row, ...(row === 'retry' && { due_at: world.context.clock.now() + HOUR_MS }) });
    const [other = ''] = await world.running('d', [HOUR_MS]);
    await insertRow(other, { status: 'retry', due_at: world.context.clock.now() + HOUR_MS });
    await set('c', { status: 'completed', ended_at: 1 });

    await pollAll();
    await pollAll();

    expect(await payloads('campaigns')).toEqual([['close', { campaign_id: 'c' }]]);
  });

  it('that nobody knows keep none of the others from being found', async () => {
    for (let i = 0; i < 60; i++) await insertRow(`a${i}/p`, { status: 'retry', due_at: 1 });
    const [id = ''] = await world.running('z', [HOUR_MS]);
    await insertRow(id, { status: 'retry', due_at: 1 });
    await set('z', { status: 'cancelled', ended_at: 1 });

    await pollAll();
    expect(await payloads('campaigns')).toEqual([]);
    await pollAll();
    expect(await payloads('campaigns')).toEqual([['close', { campaign_id: 'z' }]]);
  });
});

it('imports whose process died are forgotten after an hour, counted once', async () => {
  const now = world.context.clock.now();
  await launch(world.store, template, draftCampaign('c', template), [], 1);
  await set('c', {
    open_imports: [
      { id: 'dead', until: now - HOUR_MS - 1 },
      { id: 'slow', until: now - 1000 },
    ],
  });
  await pollAll();
  await pollAll();
  expect(await repairs()).toEqual({ expired_import: 1 });
  expect((await loadCampaign(world.store, 'c')).open_imports.map(({ id }) => id)).toEqual(['slow']);
});

describe('replies', () => {
  it('that reached nobody are pushed by one of many schedulers, and counted once', async () => {
    const [id = ''] = await world.running('c', [HOUR_MS]);
    const received_at = world.context.clock.now() - 16_000;
    const reply = { _id: 'r', conversation_id: id, campaign_id: 'c', status: 'received', received_at } as const;
    await receiveResponse(world.store, reply);
    await pollAll();
    await pollAll();
    expect(await repairs()).toEqual({ response: 1 });
    expect((await loadConversation(world.store, id)).inbox).toHaveLength(1);
  });

  it('that must wait for room in an inbox keep nobody else’s back', async () => {
    const [full = '', other = ''] = await world.running('c', [HOUR_MS, HOUR_MS]);
    await set('c', { status: 'paused', paused_at: world.context.clock.now() });
    await world.change(full, {
      inbox: Array.from({ length: 100 }, (_, i) => ({ id: `i${i}`, type: 'opt_out', at: 1 })),
    });
    const reply = (i: number, conversation_id: string) =>
      ({ _id: `r${i}`, conversation_id, campaign_id: 'c', status: 'received', received_at: i }) as const;
    const waiting = Array.from({ length: 520 }, (_, i) => reply(i, full));
    await world.store.responses.collection.insertMany([...waiting, reply(999, other)] as never);
    schedulers = schedulers.slice(0, 1);

    await pollAll();
    expect(await repairs()).toEqual({});
    await pollAll();

    expect(await repairs()).toEqual({ response: 1 });
    expect((await loadConversation(world.store, other)).inbox).toMatchObject([{ id: 'r999' }]);
  });
});

it('escalations whose notifier is away keep nobody else’s back', async () => {
  const effect = (i: number) =>
    ({ kind: 'escalation', key: `c/p${i}/ask/1`, stage: 'ask', visit: 1, action: 'x', decided_at: 1 }) as const;
  const escalations = Array.from({ length: 510 }, (_, i) => ({
    conversationId: `c/p${i}`,
    campaignId: 'c',
    effect: effect(i),
  }));
  await recordEscalations(world.store, escalations, world.context.clock.now() - 16_000);
  schedulers = schedulers.slice(0, 1);
  await pollAll();
  await world.clearQueues();
  await pollAll();
  expect(await world.jobs('notifications')).toHaveLength(10);
});

it('leases that ran out are given up by one of many schedulers, in one line of the log', async () => {
  const ids = await world.running(
    'c',
    Array.from({ length: 30 }, () => HOUR_MS),
  );
  for (const id of ids) await insertRow(id, { status: 'sending', due_at: world.context.clock.now() - 1 });
  await pollAll();
  await pollAll();
  expect((await repairs())['expired_lease']).toBe(30);
  expect(linesOf('expired_lease').length).toBeLessThanOrEqual(2);
});

it('Redis that is emptied in the middle: everything that is due is dispatched again within two polls', async () => {
  const ids = await world.running('c', [...Array.from({ length: 45 }, () => -1), 3000, 9000]);
  const now = world.context.clock.now();
  const key = await insertRow(ids[0] ?? '', { status: 'retry', due_at: now - 1 });
  await launch(world.store, template, draftCampaign('new', template), [], 1);
  await world.running('cancelled', [HOUR_MS]);
  await cancelCampaign(world.store, 'cancelled', now);
  await openBatch(world.store, {
    _id: 'left',
    campaign_id: 'c',
    conversation_ids: [ids[1] ?? ''],
    lease_until: now - 1,
  });
  const effect = { kind: 'escalation', key: 'c/p/ask/1', stage: 'ask', visit: 1, action: 'x', decided_at: 1 } as const;
  await recordEscalations(world.store, [{ conversationId: 'c/p', campaignId: 'c', effect }], now - 16_000);
  const dispatched = async () => ({
    conversations: [...(await world.handedOut()).keys()].sort(),
    messages: (await world.jobs('messages')).map(({ data }) => data['key']),
    campaigns: (await world.jobs('campaigns')).map(({ id }) => id).sort(),
    adopted: (await world.jobs('conversations')).filter(({ id }) => id.startsWith('adopt')).map(({ id }) => id),
    notifications: (await world.jobs('notifications')).map(({ data }) => data['escalation_id']),
  });
  const everything = {
    conversations: ids,
    messages: [key],
    campaigns: ['close-cancelled', 'init-new-'],
    adopted: ['adopt-left'],
    notifications: ['c/p/ask/1'],
  };
  await pollAll();
  expect(await dispatched()).toEqual(everything);

  await dropKeys(prefix);
  expect((await world.handedOut()).size).toBe(0);

  await pollAll();
  await pollAll();
  expect(await dispatched()).toEqual(everything);
});
