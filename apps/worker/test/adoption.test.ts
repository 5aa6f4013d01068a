import { decide } from '@campaign-manager/core/engine';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import {
  type CommittedConversation,
  claimMessages,
  commitDecisions,
  loadCampaign,
  openBatch,
  pauseCampaign,
} from '@campaign-manager/core/store';
import { until } from '@campaign-manager/testkit';
import { decideInput } from '../src/advance/decide-batch.js';
import { loadBatch } from '../src/advance/load.js';
import { toClaim } from '../src/delivery/rows.js';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { createScriptedChannel } from './support/scripted-channel.js';
import { ANN, createWorld, HOUR_MS, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'hello',
  name: 'Hello',
  type: 'sales',
  stages: {
    hello: {
      messages: [{ template: 'Hello {{recipient.first_name}}.' }],
      progression_rules: {
        response_required: true,
        max_stage_duration_hours: 1000,
        escalation_after_hours: 24,
        escalation_action: 'notify_manager',
      },
    },
  },
};
const recipients = Array.from({ length: 7 }, (_, i) => ({ ...ANN, _id: `p${i}`, email: `p${i}@example.test` }));

let world: World;
let campaign: string;
let ids: string[];
let campaigns = 0;
const keys = () => ids.map((id) => `${id}/hello/1/0/0`);
const sentKeys = () => world.channel.wire.map(({ key }) => key).sort();

beforeAll(async () => {
  // Fewer permits than conversations in a batch: adoption works in chunks.
  world = await createWorld('adoption', { MAX_CONCURRENT_CONVERSATIONS: '3' });
}, 60_000);

afterAll(() => world.stop());

beforeEach(async () => {
  world.channel.wire.length = 0;
  campaign = `c${campaigns++}`;
  ids = await world.begin(campaign, template, { recipients });
  world.interference.reset();
});

afterEach(() => expect(world.channel.open()).toBe(0));

/** The intent of a worker that died long ago. */
async function intend(): Promise<string> {
  const lease_until = world.context.clock.now() - 1;
  await openBatch(world.store, { _id: `dead-${campaign}`, campaign_id: campaign, conversation_ids: ids, lease_until });
  return `dead-${campaign}`;
}

/** What a worker does between intent and delivery. */
async function commitAll(): Promise<ReadonlyMap<string, CommittedConversation>> {
  const batch = await loadBatch(world.context, await loadCampaign(world.store, campaign), ids);
  const decisions = batch.conversations.map((seen) => ({ seen, ...decide(decideInput(batch, seen)) }));
  return commitDecisions(world.store, decisions, 'dead');
}

async function claimSome(count: number): Promise<void> {
  const batch = await loadBatch(world.context, await loadCampaign(world.store, campaign), ids.slice(0, count));
  const claims = batch.conversations.map((document) => {
    const effect = document.outbox[0];
    if (effect?.kind !== 'message') throw new Error('A message was decided.');
    const delivery = {
      effect,
      content: { subject: 's', body: 'b' },
      conversationId: document._id,
      recipientId: document.recipient_id,
      recipient: batch.recipients.get(document.recipient_id) ?? null,
      campaign: batch.campaign,
      existing: null,
    };
    const now = world.context.clock.now();
    return toClaim(world.channel, delivery, 'x@example.test', { fence: 'dead', now, leaseUntil: now + 5000 });
  });
  await claimMessages(world.store, claims, 'dead');
}

const adopt = (open_batch: string) =>
  advanceBatch(world.context, job({ campaign_id: campaign, conversation_ids: ids, open_batch }));
const openBatches = () => world.store.openBatches.collection.countDocuments({ campaign_id: campaign });

describe('a worker that dies', () => {
  it('after it stated its intent: whoever adopts the batch decides and sends everything once', async () => {
    await adopt(await intend());

    expect(sentKeys()).toEqual(keys());
    expect(await openBatches()).toBe(0);
  });

  it('after its commit: whoever adopts the batch sends everything once, though nothing is due', async () => {
    const batch = await intend();
    expect((await commitAll()).size).toBe(ids.length);

    await adopt(batch);

    expect(sentKeys()).toEqual(keys());
    expect(world.channel.wire.map(({ body }) => body)).toEqual(ids.map(() => 'Hello Ann.'));
    expect(await openBatches()).toBe(0);
  });

  it('after it claimed some: those are left to their lease, the others leave once', async () => {
    const batch = await intend();
    await commitAll();
    await claimSome(4);

    await adopt(batch);

    expect(sentKeys()).toEqual(keys().slice(4));
    expect(await world.row(keys()[0] ?? '')).toMatchObject({ status: 'sending', fence: 'dead' });
    expect(await openBatches()).toBe(0);
  });

  it('in the middle of an adoption: what is unfinished can be adopted once more', async () => {
    const batch = await intend();
    await commitAll();
    let claims = 0;
    world.interference.before('messages.bulkWrite', () => {
      claims += 1;
      if (claims > 2) throw new Error('the adopter dies');
    });
    await expect(adopt(batch)).rejects.toThrow();
    expect(sentKeys().length).toBeLessThan(ids.length);
    expect(await openBatches()).toBe(1);
    world.interference.reset();

    world.skip(20_000);
    const next = await world.store.openBatches.collection.findOne({ campaign_id: campaign });
    await adopt(String(next?._id));

    expect(new Set(sentKeys()).size).toBe(sentKeys().length);
    expect(await openBatches()).toBe(0);
    const rows = (await world.rows()).filter(({ campaign_id }) => campaign_id === campaign);
    expect(rows.map(({ _id }) => _id)).toEqual(keys());
  });

  it('before it recorded an escalation: whoever adopts the batch records it and has it notified, once', async () => {
    await adopt(await intend());
    world.skip(24 * HOUR_MS + 1);
    const batch = await intend();
    await commitAll();
    expect(await world.store.escalations.collection.countDocuments({ campaign_id: campaign })).toBe(0);

    await adopt(batch);

    const escalations = await world.store.escalations.collection.find({ campaign_id: campaign }).toArray();
    expect(escalations.map(({ _id }) => String(_id))).toEqual(ids.map((id) => `${id}/hello/1`));
    expect(escalations.every(({ status }) => status === 'open')).toBe(true);
    const jobs = await world.context.producers.queues.notifications.getJobs(['waiting', 'delayed']);
    expect(
      jobs
        .map(({ data }) => data.escalation_id)
        .filter((id) => id.startsWith(campaign))
        .sort(),
    ).toEqual(ids.map((id) => `${id}/hello/1`));
  });
});

it('a worker that was only paused cannot commit what it decided before its batch was adopted', async () => {
  const batch = await intend();
  const loaded = await loadBatch(world.context, await loadCampaign(world.store, campaign), ids);
  const decisions = loaded.conversations.map((seen) => ({ seen, ...decide(decideInput(loaded, seen)) }));
  await adopt(batch);

  const won = await commitDecisions(world.store, decisions, 'back again');

  expect(won.size).toBe(0);
  expect(sentKeys()).toEqual(keys());
});

it('of several adopters at once each message leaves once, and one batch document is left by none', async () => {
  const batch = await intend();
  await commitAll();

  await Promise.all([adopt(batch), adopt(batch), adopt(batch)]);

  expect(sentKeys()).toEqual(keys());
  expect(await openBatches()).toBe(0);
});

it('what was decided before a pause gets its rows and waits in them', async () => {
  const batch = await intend();
  await commitAll();
  await pauseCampaign(world.store, campaign, world.context.clock.now());

  await adopt(batch);

  expect(world.channel.wire).toEqual([]);
  expect(await openBatches()).toBe(0);
  expect((await world.row(keys()[6] ?? ''))?.status).toBe('retry');
});

it('a batch whose worker lives is not adopted: its lease is renewed as long as it sends', async () => {
  const letThrough = world.channel.hold();
  const working = advanceBatch(world.context, job({ campaign_id: campaign, conversation_ids: ids.slice(0, 3) }));
  await until(() => world.channel.waiting() > 0, { describe: 'the worker to be at it' });
  const [open] = await world.store.openBatches.collection.find({ campaign_id: campaign }).toArray();
  await adopt(String(open?._id));
  letThrough();
  await working;

  expect(sentKeys()).toEqual(keys().slice(0, 3));
});

describe('a message that kills whoever adopts its batch', () => {
  const poison = () => `${campaign}/p3`;
  const others = () => ids.filter((id) => id !== poison());
  const { addressOf } = createScriptedChannel();
  afterEach(() => {
    world.channel.addressOf = addressOf;
  });

  /** The culprit's address is the end of its worker: nothing that the process does behind that reaches MongoDB. */
  function killAtTheCulprit(): void {
    world.channel.addressOf = (recipient) => {
      if (recipient._id !== 'p3') return addressOf(recipient);
      for (const model of ['conversations', 'messages', 'openBatches', 'escalations'] as const)
        for (const operation of ['updateOne', 'updateMany', 'findOneAndUpdate', 'bulkWrite', 'insertOne', 'deleteOne'])
          world.interference.before(`${model}.${operation}`, () => Promise.reject(new Error('dead')));
      throw new Error('dies');
    };
  }

  async function adoptWhatIsThere(): Promise<void> {
    world.skip(20_000);
    const [batch] = await world.store.openBatches.collection.find({ campaign_id: campaign }).toArray();
    await adopt(String(batch?._id)).catch(() => undefined);
    world.interference.reset();
  }

  it('is found and set aside after five tries, while the others go on, each once', async () => {
    await intend();
    await commitAll();
    killAtTheCulprit();

    const blockedAt: number[] = [];
    for (let adoption = 1; adoption <= 8 && (await openBatches()) > 0; adoption++) {
      await adoptWhatIsThere();
      if ((await world.conversation(poison())).status === 'blocked') blockedAt.push(adoption);
    }

    expect(blockedAt).toEqual([6]); // the first adoption takes all at once, then come four tries that are counted
    expect(await world.conversation(poison())).toMatchObject({ reason: 'failed_repeatedly', tries: 0 });
    expect(await openBatches()).toBe(0);
    expect(sentKeys()).toEqual(others().map((id) => `${id}/hello/1/0/0`));
    for (const id of others()) expect(await world.conversation(id)).toMatchObject({ status: 'active', tries: 0 });
  });

  it('keeps nobody waiting behind it where it fails instead of killing', async () => {
    await intend();
    await commitAll();
    world.channel.addressOf = (recipient) => {
      if (recipient._id === 'p3') throw new Error('no such thing');
      return addressOf(recipient);
    };

    await adoptWhatIsThere();
    await adoptWhatIsThere();

    expect(sentKeys()).toEqual(others().map((id) => `${id}/hello/1/0/0`));
    const [batch] = await world.store.openBatches.collection.find({ campaign_id: campaign }).toArray();
    expect(batch).toMatchObject({ conversation_ids: [poison()], adoptions: 2 });
    for (let tries = 2; tries <= 5; tries++) await adoptWhatIsThere();
    expect(await world.conversation(poison())).toMatchObject({ status: 'blocked', reason: 'failed_repeatedly' });
    expect(await openBatches()).toBe(0);
  });

  it('is not searched for where MongoDB is away: no try is counted, and the batch waits', async () => {
    await intend();
    await commitAll();
    const away = Object.assign(new Error('connection 7 closed'), { name: 'MongoNetworkError' });
    for (let adoption = 1; adoption <= 7; adoption++) {
      world.interference.before('messages.bulkWrite', () => Promise.reject(away));
      await adoptWhatIsThere();
    }

    await until(async () => (await world.conversation(ids[0] ?? '')).tries === 0, {
      describe: 'tries to be taken back',
    });
    for (const id of ids) expect(await world.conversation(id)).toMatchObject({ status: 'active', tries: 0 });
    await adoptWhatIsThere();
    expect(sentKeys()).toEqual(keys());
    expect(await openBatches()).toBe(0);
  });
});
