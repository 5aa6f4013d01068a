import type { CampaignDocument } from '@campaign-manager/core/models';
import { campaignProgress, liveCampaigns } from '@campaign-manager/core/store';
import { dropKeys, testRedisPrefix, testRedisUrl } from '@campaign-manager/testkit';
import { createMemory } from '../src/memory.js';
import { sweep } from '../src/sweep/sweep.js';
import { createWorld, type World } from './support/world.js';

const DAY_MS = 86_400_000;
const prefix = testRedisPrefix('history');

let world: World;
beforeAll(async () => {
  world = await createWorld(testRedisUrl(), prefix, { HISTORY_RETENTION_DAYS: '30' });
}, 60_000);
afterAll(async () => {
  await world.stop();
  await dropKeys(prefix);
});

const sweepOnce = async (memory = createMemory()) => sweep(world.context, await liveCampaigns(world.store), memory);

/** A campaign of two that ended so many days ago, with everything that people wrote and were written. */
async function ended(id: string, daysAgo: number, more: Partial<CampaignDocument> = {}): Promise<string[]> {
  const { store, context } = world;
  const ids = await world.running(id, [1e9, 1e9]);
  const now = context.clock.now();
  await store.messages.collection.insertMany(
    ids.map((one) => ({
      _id: `${one}/ask/1/0/0`,
      campaign_id: id,
      conversation_id: one,
      to: 'ann@example.test',
      subject: 'A question',
      body: 'Hello.',
      status: 'sent',
      ordinal: 0,
      attempts: [],
    })) as never,
  );
  await store.responses.collection.insertMany(
    ids.map((one) => ({
      _id: `reply-${one}`,
      campaign_id: id,
      conversation_id: one,
      status: 'applied',
      received_at: now,
      text: 'Yes please.',
      intent: 'yes',
    })) as never,
  );
  await store.conversationEvents.collection.insertMany(
    ids.map((one) => ({ _id: `${one}/1/0`, conversation_id: one, v: 1, n: 0, at: now, type: 'entered' })) as never,
  );
  await store.conversations.updateMany(
    { campaign_id: id },
    {
      $set: {
        status: 'completed',
        result: 'success',
        inbox: [],
        next_action_at: 9e15,
        latest_response: { text: 'Yes please.' },
        response_fields: { text: 'Yes please.' },
        context: { ticket: 7 },
      },
    },
  );
  const over = { status: 'completed', result: 'finished', ended_at: now - daysAgo * DAY_MS, ...more };
  await store.campaigns.updateOne({ _id: id }, { $set: over });
  return ids;
}

const textsOf = async (id: string) => {
  const { store } = world;
  const found = [
    await store.conversations.find({ campaign_id: id }).lean(),
    await store.messages.find({ campaign_id: id }).lean(),
    await store.responses.find({ campaign_id: id }).lean(),
  ];
  return JSON.stringify(found);
};
const eventsOf = (id: string) =>
  world.store.conversationEvents.collection.countDocuments({ _id: { $regex: `^${id}/` } as never });

it('long after its end a campaign loses its history and every text; its figures and its keys stay', async () => {
  const { store } = world;
  const ids = await ended('old', 31);
  const before = await campaignProgress(store, 'old', new Date(0));
  expect(before).toMatchObject({ by_result: { success: 2 }, messages: { by_status: { sent: 2 } } });

  await sweepOnce();

  const texts = await textsOf('old');
  for (const text of ['Yes please', 'Hello.', 'A question', 'ann@example.test', 'ticket'])
    expect(texts).not.toContain(text);
  expect(await eventsOf('old')).toBe(0);
  expect(
    (await store.conversations.find({ campaign_id: 'old' }).lean()).map(({ recent_events }) => recent_events),
  ).toEqual([[], []]);
  expect(await campaignProgress(store, 'old', new Date(0))).toEqual(before);
  expect(await store.messages.find({ campaign_id: 'old', status: 'sent' }).distinct('_id')).toEqual(
    ids.map((one) => `${one}/ask/1/0/0`),
  );
  expect((await store.campaigns.findById('old').lean())?.history_removed_at).toEqual(expect.any(Number));
});

it.each<[string, number, Partial<CampaignDocument>]>([
  ['ended lately', 29, {}],
  ['runs', 31, { status: 'running', ended_at: null }],
  ['was emptied before', 31, { history_removed_at: 1 }],
])('one that %s keeps everything', async (name, days, more) => {
  const id = name.replaceAll(' ', '_');
  await ended(id, days, more);
  const before = await textsOf(id);

  await sweepOnce();

  expect(await textsOf(id)).toBe(before);
  expect(await eventsOf(id)).toBe(2);
});

it.each<[string, () => Promise<unknown>]>([
  ['a conversation is open', () => world.change('undecided/p000000', { status: 'blocked' })],
  [
    'a message waits for an operator',
    () => world.store.messages.updateOne({ _id: 'undecided/p000001/ask/1/0/0' }, { $set: { status: 'unknown' } }),
  ],
])('one of which %s keeps everything until that is settled', async (_, leaveOpen) => {
  if ((await world.store.campaigns.countDocuments({ _id: 'undecided' })) === 0) await ended('undecided', 31);
  await leaveOpen();
  const before = await textsOf('undecided');

  await sweepOnce();

  expect(await textsOf('undecided')).toBe(before);
  await world.store.messages.updateMany({ campaign_id: 'undecided' }, { $set: { status: 'sent' } });
});

it('one with more than a sweep takes is emptied over several, and none of it is looked at twice', async () => {
  const { store } = world;
  await ended('huge', 31);
  const events = Array.from({ length: 25_000 }, (_, i) => ({
    _id: `huge/p000000/2/${i}`,
    conversation_id: 'huge/p000000',
  }));
  await store.conversationEvents.collection.insertMany(events as never);
  const memory = createMemory();

  await sweepOnce(memory);
  expect(await eventsOf('huge')).toBe(5002);
  expect((await store.campaigns.findById('huge').lean())?.history_removed_at).toBeUndefined();
  await sweepOnce(memory);

  expect(await eventsOf('huge')).toBe(0);
  expect((await store.campaigns.findById('huge').lean())?.history_removed_at).toEqual(expect.any(Number));
});
