import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { cancelCampaign, initializePage, loadCampaign, recordEscalations } from '@campaign-manager/core/store';
import { createMetrics } from '@campaign-manager/runtime';
import { draftCampaign, launch } from '../../../tests/support/campaign.js';
import type { WorkerContext } from '../src/context.js';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { close } from '../src/jobs/close.js';
import { escalate } from '../src/jobs/escalate.js';
import { initialize } from '../src/jobs/initialize.js';
import { retry } from '../src/jobs/retry.js';
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
const recipients = ['a', 'b', 'c'].map((_id) => ({ ...ANN, _id, email: `${_id}@example.test` }));

let world: World;
let worker: WorkerContext;
let log: { readonly repair?: string; readonly repairs?: number }[];
let campaign: string;
let campaigns = 0;

beforeAll(async () => {
  world = await createWorld('healing');
}, 60_000);

afterAll(() => world.stop());

beforeEach(() => {
  campaign = `c${campaigns++}`;
  world.channel.wire.length = 0;
  log = [];
  const logger = Object.assign(Object.create(world.context.logger), {
    info: () => {},
    error: () => {},
    warn: (line: object) => void log.push(line),
  });
  worker = { ...world.context, metrics: createMetrics({ enableMetrics: false }), logger };
});

afterEach(() => world.interference.reset());

/** What was counted, which the log must tell as well, in one line a kind. */
async function repairs(): Promise<Readonly<Record<string, number>>> {
  const all = await worker.metrics.registry.getSingleMetric('communication_repairs_total')?.get();
  const values = all?.values.filter(({ value }) => value > 0) ?? [];
  const lines = log.filter(({ repair }) => repair !== undefined);
  const counted = Object.fromEntries(values.map(({ labels, value }) => [String(labels['kind']), value]));
  expect(Object.fromEntries(lines.map(({ repair, repairs }) => [repair, repairs]))).toEqual(counted);
  expect(lines).toHaveLength(values.length);
  return counted;
}

const set = (change: object) =>
  world.store.campaigns.collection.updateOne({ _id: campaign as never }, { $set: change });

describe('an audience that is left half initialised', () => {
  beforeEach(() => launch(world.store, template, draftCampaign(campaign, template), recipients, 1));
  const page = (more: object = {}, redelivered = false) =>
    initialize(worker, job({ campaign_id: campaign, cursor: '', ...more }, redelivered));
  const conversations = () => world.store.conversations.collection.countDocuments({ campaign_id: campaign });

  it('because its worker died in the middle of a page goes on when the job is delivered again, counted once', async () => {
    world.interference.before('campaigns.updateOne', () => Promise.reject(new Error('the worker dies')));
    await expect(page()).rejects.toThrow('the worker dies');
    expect(await conversations()).toBe(3);
    world.interference.reset();

    await Promise.all([page({}, true), page({}, true)]);
    await page({}, true);

    expect(await conversations()).toBe(3);
    expect(await repairs()).toEqual({ half_initialised: 1 });
    expect(await loadCampaign(world.store, campaign)).toMatchObject({ conversation_states_initialized: true });
  });

  it('because its job was lost goes on with the job that the poll adds, counted once', async () => {
    await page({ repair: true });
    await page({ repair: true });
    expect(await repairs()).toEqual({ half_initialised: 1 });
  });

  it('is not what a campaign is that begins', async () => {
    await page();
    expect(await repairs()).toEqual({});
  });

  it('because it was paused is completed once the campaign is over, and everybody ends as expired', async () => {
    const now = worker.clock.now();
    await set({ status: 'paused', paused_at: now - 10 });
    await page();
    expect(await conversations()).toBe(0);

    await set({ end_at: now - 1 });
    await page();
    await close(worker, job({ campaign_id: campaign }));

    expect(await loadCampaign(world.store, campaign)).toMatchObject({ status: 'completed', result: 'expired' });
    expect(
      await world.store.conversations.collection.countDocuments({ campaign_id: campaign, result: 'expired' }),
    ).toBe(3);
    expect(world.channel.wire).toEqual([]);
  });
});

describe('a campaign that has ended', () => {
  it('while a worker was creating its conversations, and that worker died: they are ended as well', async () => {
    await launch(world.store, template, draftCampaign(campaign, template), recipients, 1);
    const members = recipients.map(({ _id }) => ({
      _id: `${campaign}/${_id}`,
      campaign_id: campaign,
      recipient_id: _id,
      context: {},
    }));
    await cancelCampaign(world.store, campaign);
    await close(worker, job({ campaign_id: campaign }));
    expect((await loadCampaign(world.store, campaign)).ended_at).not.toBeNull();
    await initializePage(world.store, members, 'hello', worker.clock.now()); // and dies before it reopens the closing

    await close(worker, job({ campaign_id: campaign }));
    await close(worker, job({ campaign_id: campaign }));

    for (const { _id } of members) {
      expect(await world.conversation(_id)).toMatchObject({ status: 'completed', result: 'cancelled' });
    }
    expect(await repairs()).toEqual({ stray_conversation: 3 });
    expect(world.channel.wire).toEqual([]);
  });

  it('while a message of it was before the gate: the message is withdrawn, and waits for nothing', async () => {
    const [id = ''] = await world.begin(campaign, template, { recipients: [ANN] });
    world.interference.before('messages.bulkWrite', async () => {
      if ((await loadCampaign(world.store, campaign)).status === 'cancelled') return;
      await cancelCampaign(world.store, campaign);
      await set({ ended_at: worker.clock.now() }); // whoever closed it looked before the row was there
    });
    await advanceBatch(worker, job({ campaign_id: campaign, conversation_ids: [id] }));
    const key = `${id}/hello/1/0/0`;
    expect(await world.row(key)).toMatchObject({ status: 'retry' });
    await retry(worker, job({ key }));
    expect(await world.row(key)).toMatchObject({ status: 'retry' }); // nobody else would ever look at it

    await close(worker, job({ campaign_id: campaign }));
    await close(worker, job({ campaign_id: campaign }));

    expect(await world.row(key)).toMatchObject({ status: 'cancelled' });
    expect(await repairs()).toEqual({ stray_conversation: 1, orphaned_row: 1 });
  });

  it('by completion, and has a conversation open that somebody restored: it ends as expired', async () => {
    const [id = ''] = await world.begin(campaign, template, { recipients: [ANN] });
    await set({ status: 'completed', result: 'finished', ended_at: 1 });
    await close(worker, job({ campaign_id: campaign }));
    expect(await world.conversation(id)).toMatchObject({ status: 'completed', result: 'expired' });
    expect(await loadCampaign(world.store, campaign)).toMatchObject({ status: 'completed', ended_at: 1 });
  });
});

it.each([
  ['late, by a job that was lost', { repair: true }, { stalled_campaign: 1 }],
  ['in time', {}, {}],
])('a cancelled campaign is closed %s', async (_, more, counted) => {
  await world.begin(campaign, template, { recipients });
  await cancelCampaign(world.store, campaign, worker.clock.now());
  const payload = { campaign_id: campaign, ...more };
  await close(worker, job(payload));
  await close(worker, job(payload));
  expect((await loadCampaign(world.store, campaign)).ended_at).not.toBeNull();
  expect(await repairs()).toEqual(counted);
});

it('an escalation that nobody was told of is counted by whoever tells, once', async () => {
  await world.begin(campaign, template, { recipients: [ANN] });
  const key = `${campaign}/ann/hello/1`;
  const effect = { kind: 'escalation', key, stage: 'hello', visit: 1, action: 'x', decided_at: 1 } as const;
  await recordEscalations(world.store, [{ conversationId: `${campaign}/ann`, campaignId: campaign, effect }], 1);
  const payload = { escalation_id: key, repair: true };
  const telling = () => escalate(worker, job(payload));
  await Promise.all([telling(), telling()]);
  await telling();
  const all = await worker.metrics.registry.getSingleMetric('communication_repairs_total')?.get();
  const values = all?.values.filter(({ value }) => value > 0) ?? [];
  expect(values).toMatchObject([{ labels: { kind: 'escalation' }, value: 1 }]);
});

it('a message whose conversation is gone is withdrawn at its next attempt, and keeps no campaign open', async () => {
  const [id = ''] = await world.begin(campaign, template, { recipients: [ANN] });
  world.channel.answer = () => ({ status: 'deferred', reason: 'busy' });
  await advanceBatch(worker, job({ campaign_id: campaign, conversation_ids: [id] }));
  world.channel.answer = () => ({ status: 'accepted' });
  const key = `${id}/hello/1/0/0`;
  expect(await world.row(key)).toMatchObject({ status: 'retry' });
  await world.store.conversations.collection.deleteOne({ _id: id as never });
  world.skip(3_600_000);

  await retry(worker, job({ key }));

  expect(await world.row(key)).toMatchObject({ status: 'cancelled' });
  expect(world.channel.wire).toHaveLength(1);
});
