import type { CampaignDocument } from '@campaign-manager/core/models';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import {
  addEvent,
  cancelCampaign,
  loadCampaign,
  pauseCampaign,
  resumeCampaign,
  suppressionId,
} from '@campaign-manager/core/store';
import { until } from '@campaign-manager/testkit';
import { advanceOne } from '../src/jobs/advance.js';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { close } from '../src/jobs/close.js';
import { retry } from '../src/jobs/retry.js';
import { ANN, createWorld, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'ask',
  name: 'Ask',
  type: 'sales',
  stages: {
    ask: {
      messages: [{ template: 'Hello {{recipient.first_name}}.' }],
      progression_rules: { response_required: true, max_stage_duration_hours: 1000 },
    },
  },
};

/** What the design says becomes of a message that was decided before the event, and of its conversation. */
interface Race {
  readonly event: string;
  readonly happen: (world: World, campaign: string) => Promise<unknown>;
  readonly row: string;
  /** Afterwards, by the jobs that the system would run. */
  readonly afterwards: (world: World, campaign: string, key: string) => Promise<unknown>;
  readonly finalRow: string;
  readonly sent: 0 | 1;
  readonly conversation: { readonly status: string; readonly result?: string };
}

const later = async (world: World, _campaign: string, key: string) => {
  world.skip(1500);
  await retry(world.context, job({ key }));
};
const decideAgain = (world: World, campaign: string) =>
  advanceOne(world.context, job({ conversation_id: `${campaign}/ann` }));
const closing = (world: World, campaign: string) => close(world.context, job({ campaign_id: campaign }));
const change = (world: World, campaign: string, set: Partial<CampaignDocument>) =>
  world.store.campaigns.collection.updateOne({ _id: campaign as never }, { $set: set });

const races: Race[] = [
  {
    event: 'a reply that satisfies nothing yet arrives',
    happen: (world, campaign) =>
      addEvent(world.store, `${campaign}/ann`, { id: 'r1', type: 'response', at: world.context.clock.now() }),
    row: 'retry',
    afterwards: async (world, campaign, key) => {
      await decideAgain(world, campaign);
      await later(world, campaign, key);
    },
    finalRow: 'sent',
    sent: 1,
    conversation: { status: 'active' },
  },
  {
    event: 'the campaign is paused',
    happen: (world, campaign) => pauseCampaign(world.store, campaign, world.context.clock.now()),
    row: 'retry',
    afterwards: later,
    finalRow: 'retry',
    sent: 0,
    conversation: { status: 'active' },
  },
  {
    event: 'the campaign is paused and resumed',
    happen: async (world, campaign) => {
      await pauseCampaign(world.store, campaign, world.context.clock.now());
      await resumeCampaign(world.store, campaign, world.context.clock.now() + 20);
    },
    row: 'retry',
    afterwards: later,
    finalRow: 'sent',
    sent: 1,
    conversation: { status: 'active' },
  },
  {
    event: 'the campaign is paused, and resumed after a try',
    happen: (world, campaign) => pauseCampaign(world.store, campaign, world.context.clock.now()),
    row: 'retry',
    afterwards: async (world, campaign, key) => {
      await later(world, campaign, key);
      expect(world.channel.wire).toEqual([]);
      await resumeCampaign(world.store, campaign, world.context.clock.now());
      await later(world, campaign, key);
      await later(world, campaign, key);
    },
    finalRow: 'sent',
    sent: 1,
    conversation: { status: 'active' },
  },
  {
    event: 'the campaign is cancelled',
    happen: (world, campaign) => cancelCampaign(world.store, campaign),
    row: 'retry',
    afterwards: async (world, campaign, key) => {
      await later(world, campaign, key);
      await closing(world, campaign);
      expect(await loadCampaign(world.store, campaign)).toMatchObject({ ended_at: expect.any(Number) });
    },
    finalRow: 'cancelled',
    sent: 0,
    conversation: { status: 'completed', result: 'cancelled' },
  },
  {
    event: 'the end date passes',
    happen: (world, campaign) => change(world, campaign, { end_at: world.context.clock.now() - 1 }),
    row: 'retry',
    afterwards: async (world, campaign, key) => {
      await later(world, campaign, key);
      await closing(world, campaign);
      expect(await loadCampaign(world.store, campaign)).toMatchObject({ status: 'completed', result: 'expired' });
    },
    finalRow: 'cancelled',
    sent: 0,
    conversation: { status: 'completed', result: 'expired' },
  },
  {
    event: 'the address is suppressed',
    happen: (world) =>
      world.store.suppressions.collection.insertOne({
        _id: suppressionId('email', 'Ann@Example.test') as never,
        reason: 'bounce',
        created_at: new Date(),
      }),
    row: 'suppressed',
    afterwards: decideAgain,
    finalRow: 'suppressed',
    sent: 0,
    conversation: { status: 'completed', result: 'failed' },
  },
  {
    event: 'consent is withdrawn',
    happen: (world) =>
      world.store.recipients.collection.updateOne({ _id: 'ann' as never }, { $set: { consent: { email: false } } }),
    row: 'suppressed',
    afterwards: decideAgain,
    finalRow: 'suppressed',
    sent: 0,
    conversation: { status: 'completed', result: 'failed' },
  },
  {
    event: 'the recipient opts out',
    happen: (world, campaign) =>
      addEvent(world.store, `${campaign}/ann`, { id: 'o', type: 'opt_out', at: world.context.clock.now() }),
    row: 'retry',
    afterwards: async (world, campaign, key) => {
      await decideAgain(world, campaign);
      await later(world, campaign, key);
    },
    finalRow: 'cancelled',
    sent: 0,
    conversation: { status: 'completed', result: 'opted_out' },
  },
];

describe('between the decision and the gate', () => {
  let world: World;

  beforeEach(async () => {
    world = await createWorld('gate_races');
  });

  afterEach(async () => {
    expect(world.channel.open()).toBe(0); // every slot was used or given back
    await world.stop();
  });

  it.each(races)('$event: $sent sent, the row ends $finalRow', async (race) => {
    const [id = ''] = await world.begin('c', template);
    const key = `${id}/ask/1/0/0`;
    const letThrough = world.channel.hold();
    const batch = advanceBatch(world.context, job({ campaign_id: 'c', conversation_ids: [id] }));
    await until(() => world.channel.waiting() === 1, { describe: 'the decision to be taken' });

    await race.happen(world, 'c');
    letThrough();
    await batch;

    expect(world.channel.wire).toEqual([]);
    expect(await world.row(key)).toMatchObject({ status: race.row });
    await race.afterwards(world, 'c', key);
    expect(world.channel.wire.map((message) => message.key)).toEqual(race.sent === 1 ? [key] : []);
    expect(await world.row(key)).toMatchObject({ status: race.finalRow });
    expect(await world.conversation(id)).toMatchObject(race.conversation);
  });

  it.each<[string, () => void | Promise<void>]>([
    ['takes more than a second', () => new Promise((resolve) => setTimeout(resolve, 1050))],
    ['cannot be read', () => Promise.reject(new Error('MongoDB is away'))],
  ])('a gate that %s lets nobody through; the message leaves at the next attempt, once', async (_, trouble) => {
    const [id = ''] = await world.begin('c', template);
    const key = `${id}/ask/1/0/0`;
    world.interference.before('conversations.aggregate', trouble);

    await advanceBatch(world.context, job({ campaign_id: 'c', conversation_ids: [id] }));

    expect(world.channel.wire).toEqual([]);
    expect(await world.row(key)).toMatchObject({ status: 'retry', attempt: 0 });
    world.interference.reset();
    await later(world, 'c', key);
    await later(world, 'c', key);
    expect(world.channel.wire).toMatchObject([
      { key, to: 'ann@example.test', subject: expect.any(String), body: 'Hello Ann.', attempt: 1 },
    ]);
    expect(await world.row(key)).toMatchObject({ status: 'sent' });
  });

  it('consent that is withdrawn before a later attempt holds the message back as well', async () => {
    const [id = ''] = await world.begin('c', template);
    const key = `${id}/ask/1/0/0`;
    world.channel.answer = () => ({ status: 'deferred', reason: 'busy' });
    await advanceBatch(world.context, job({ campaign_id: 'c', conversation_ids: [id] }));
    expect(await world.row(key)).toMatchObject({ status: 'retry', attempt: 1 });

    await world.store.recipients.collection.updateOne({ _id: 'ann' as never }, { $set: { consent: { email: false } } });
    world.skip(120_000);
    await retry(world.context, job({ key }));

    expect(world.channel.wire).toHaveLength(1);
    expect(await world.row(key)).toMatchObject({ status: 'suppressed' });
    await advanceOne(world.context, job({ conversation_id: id }));
    expect(await world.conversation(id)).toMatchObject({ result: 'failed', reason: 'undeliverable' });
  });

  it('a conversation that is blocked holds its message back, and it is tried less and less often', async () => {
    const [id = ''] = await world.begin('c', template);
    const key = `${id}/ask/1/0/0`;
    const setStatus = (status: string) =>
      world.store.conversations.collection.updateOne({ _id: id as never }, { $set: { status } });
    const letThrough = world.channel.hold();
    const batch = advanceBatch(world.context, job({ campaign_id: 'c', conversation_ids: [id] }));
    await until(() => world.channel.waiting() === 1, { describe: 'the decision to be taken' });
    await setStatus('blocked');
    letThrough();
    await batch;

    const pauses: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      const { due_at = 0 } = (await world.row(key)) ?? {};
      pauses.push(Math.round((due_at - world.context.clock.now()) / 1000));
      world.skip(due_at - world.context.clock.now() + 1);
      await retry(world.context, job({ key }));
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 64]);
    await setStatus('active');
    world.skip(64_000);
    await retry(world.context, job({ key }));
    expect(world.channel.wire).toMatchObject([{ key, attempt: 1 }]);
  });

  it('several campaigns and revisions in one dispatcher are each judged by their own', async () => {
    const recipients = Array.from({ length: 6 }, (_, i) => ({ ...ANN, _id: `p${i}`, email: `p${i}@example.test` }));
    const running = await world.begin('running', template, { recipients });
    const paused = await world.begin('paused', template, { recipients });
    const letThrough = world.channel.hold();
    const batches = [
      advanceBatch(world.context, job({ campaign_id: 'running', conversation_ids: running.slice(0, 3) })),
      advanceBatch(world.context, job({ campaign_id: 'paused', conversation_ids: paused })),
      advanceBatch(world.context, job({ campaign_id: 'running', conversation_ids: running.slice(3) })),
    ];
    await until(() => world.channel.waiting() > 0, { describe: 'the first decisions' });
    await pauseCampaign(world.store, 'paused', world.context.clock.now());
    letThrough();
    await Promise.all(batches);

    expect(world.channel.wire.map(({ key }) => key).sort()).toEqual(running.map((id) => `${id}/ask/1/0/0`).sort());
  });
});
