import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { addEvent, cancelCampaign, loadCampaign } from '@campaign-manager/core/store';
import { until } from '@campaign-manager/testkit';
import { advanceOne } from '../src/jobs/advance.js';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { close } from '../src/jobs/close.js';
import { ANN, createWorld, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'hello',
  name: 'Hello',
  type: 'sales',
  stages: {
    hello: {
      messages: [{ template: 'Hello.' }],
      progression_rules: { response_required: true, max_stage_duration_hours: 1000 },
    },
  },
};
const recipients = ['a', 'b', 'poison', 'd'].map((_id) => ({ ...ANN, _id, email: `${_id}@example.test` }));

let world: World;
let campaign: string;
let ids: string[];
let poison: string;
let campaigns = 0;

beforeAll(async () => {
  world = await createWorld('poison');
}, 60_000);

afterAll(() => world.stop());

beforeEach(async () => {
  world.channel.wire.length = 0;
  await world.context.producers.queues.conversations.drain(true);
  campaign = `c${campaigns++}`;
  ids = await world.begin(campaign, template, { recipients });
  await world.context.producers.queues.conversations.drain(true);
  poison = `${campaign}/poison`;
});

afterEach(() => world.interference.reset());

const set = (change: object) =>
  world.store.conversations.collection.updateOne({ _id: poison as never }, { $set: change });
const batch = (redelivered = false) =>
  advanceBatch(world.context, job({ campaign_id: campaign, conversation_ids: ids }, redelivered));
const suspect = () => advanceOne(world.context, job({ conversation_id: poison, suspect: true }));

async function waitingJobs(): Promise<unknown[]> {
  const jobs = await world.context.producers.queues.conversations.getJobs(['waiting']);
  return jobs
    .filter(({ name }) => name === 'advance')
    .map(({ data }) => data as unknown)
    .sort((x, y) => JSON.stringify(x).localeCompare(JSON.stringify(y)));
}

describe.each([
  ['has no visit', { visit: null }],
  ['has no outbox', { outbox: null }],
  ['has something strange in its inbox', { inbox: [{ id: 'x', type: 'nonsense', at: 1 }] }],
])('a conversation that %s', (_, corruption) => {
  it('does not fail the others of its batch, and gets a job of its own', async () => {
    await set(corruption);

    await batch();

    expect(world.channel.wire.map(({ to }) => to).sort()).toEqual(['a', 'b', 'd'].map((r) => `${r}@example.test`));
    expect(await waitingJobs()).toEqual([{ conversation_id: poison, suspect: true }]);
  });

  it('is blocked with the reason after five tries, and goes on when it is mended and an operator says so', async () => {
    await set(corruption);
    for (let tries = 1; tries <= 4; tries++) await expect(suspect()).rejects.toThrow();
    expect(await world.conversation(poison)).toMatchObject({ status: 'active', tries: 4 });

    await suspect();
    expect(await world.conversation(poison)).toMatchObject({
      status: 'blocked',
      reason: 'failed_repeatedly',
      tries: 0,
    });

    const healthy = await world.conversation(`${campaign}/a`);
    await set({ visit: healthy.visit, outbox: [], inbox: [] });
    const command = { id: 'go', type: 'command', at: 1, by: 'operator', command: { name: 'retry' } } as const;
    expect(await addEvent(world.store, poison, command)).toBe('added');
    await advanceOne(world.context, job({ conversation_id: poison }));
    expect((await world.conversation(poison)).status).toBe('active');
    expect(world.channel.wire.map(({ to }) => to)).toEqual(['poison@example.test']);
  });

  it('does not keep a cancelled campaign from ending', async () => {
    await set(corruption);
    await cancelCampaign(world.store, campaign);

    await close(world.context, job({ campaign_id: campaign }));

    expect((await loadCampaign(world.store, campaign)).ended_at).not.toBeNull();
    for (const id of ids)
      expect(await world.conversation(id)).toMatchObject({ status: 'completed', result: 'cancelled' });
  });
});

it('a batch that was delivered again is only split, so that one that kills its worker is found', async () => {
  await batch(true);

  expect(world.channel.wire).toEqual([]);
  expect(await waitingJobs()).toEqual([...ids].sort().map((conversation_id) => ({ conversation_id, suspect: true })));
});

it('a conversation that kills its worker each time is counted, and blocked at the fifth try', async () => {
  // The worker dies after the try was counted: nothing behind that happens.
  for (let tries = 1; tries <= 4; tries++) {
    world.interference.before('openBatches.insertOne', () => Promise.reject(new Error('the worker dies')));
    await expect(suspect()).rejects.toThrow();
  }
  world.interference.reset();

  await suspect();

  expect(await world.conversation(poison)).toMatchObject({ status: 'blocked', reason: 'failed_repeatedly' });
  expect(world.channel.wire).toEqual([]);
});

it.each([
  ['it can be decided', {}],
  ['nothing is due', { next_action_at: 8e15 }],
])(
  "MongoDB's troubles do not add up to blocking a healthy conversation: tries are cleared where %s",
  async (_, more) => {
    await set(more);
    for (let trouble = 0; trouble < 4; trouble++) {
      for (let tries = 0; tries < 3; tries++) {
        world.interference.before('recipients.find', () => Promise.reject(new Error('MongoDB is away')));
        await expect(suspect()).rejects.toThrow('MongoDB is away');
      }
      world.interference.reset();
      await suspect();
      expect(await world.conversation(poison)).toMatchObject({ status: 'active', tries: 0 });
    }
  },
);

describe('MongoDB that fails right after a try was counted', () => {
  const away = () => Promise.reject(Object.assign(new Error('connection 7 closed'), { name: 'MongoNetworkError' }));

  it('does not count against the conversation, however often', async () => {
    world.interference.before('recipients.find', away);
    for (let trouble = 0; trouble < 7; trouble++) {
      await expect(suspect()).rejects.toThrow('connection 7 closed');
      await until(async () => (await world.conversation(poison)).tries === 0, { describe: 'the try to be taken back' });
    }
    world.interference.reset();

    await suspect();

    expect(await world.conversation(poison)).toMatchObject({ status: 'active', tries: 0 });
    expect(world.channel.wire.map(({ to }) => to)).toEqual(['poison@example.test']);
  });

  it('and takes nothing back at first either: the try is taken back as soon as MongoDB answers', async () => {
    world.interference.before('recipients.find', away);
    let failures = 0;
    world.interference.before('conversations.updateOne', () => {
      failures += 1;
      if (failures < 3) return away();
    });

    await expect(suspect()).rejects.toThrow('connection 7 closed');

    await until(async () => (await world.conversation(poison)).tries === 0, { describe: 'the try to be taken back' });
    expect(failures).toBe(3);
  });
});

it('what was set aside is only set aside: what its outbox still holds is brought about when an operator lets it go on', async () => {
  const key = `${poison}/hello/1/0/0`;
  const message = { kind: 'message', key, stage: 'hello', visit: 1, index: 0, ordinal: 0, decided_at: 1 };
  await set({ outbox: [message], next_action_at: 0, tries: 4 });

  await suspect();

  expect(await world.conversation(poison)).toMatchObject({ status: 'blocked', outbox: [message] });
  expect(await world.row(key)).toBeUndefined();
  const command = { id: 'go', type: 'command', at: 1, by: 'operator', command: { name: 'retry' } } as const;
  await addEvent(world.store, poison, command);
  await advanceOne(world.context, job({ conversation_id: poison }));
  expect(await world.row(key)).toMatchObject({ status: 'sent' });
});
