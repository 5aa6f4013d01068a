import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { addEvent, beginResend, campaignTime, loadCampaign } from '@campaign-manager/core/store';
import { advanceOne } from '../src/jobs/advance.js';
import { retry } from '../src/jobs/retry.js';
import { ANN, createWorld, HOUR_MS, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'ask',
  name: 'Ask',
  type: 'sales',
  stages: {
    ask: {
      messages: [
        { template: 'Hello {{recipient.first_name}}.' },
        { template: 'Hello again.', timing: { delay_hours: 20 } },
        { template: 'Still there?', timing: { delay_hours: 30 } },
      ],
      progression_rules: { response_required: true, max_stage_duration_hours: 1000 },
    },
    thank: { messages: [{ template: 'Thank you.' }] },
  },
};
const DAY_MS = 86_400_000;

let world: World;
beforeAll(async () => {
  world = await createWorld('restored');
}, 60_000);
afterAll(() => world.stop());

/** A campaign whose database was restored: it may have been worked with until a day from now. */
async function restored(id: string): Promise<string> {
  const now = await world.store.serverTime(); // which the campaign starts by, however much time was skipped
  const [conversation = ''] = await world.begin(id, template, {
    recipients: [ANN],
    campaign: { doubt_until: now + DAY_MS, restored_at: now - 1000 },
  });
  return conversation;
}

async function inTheGap(id: string): Promise<string> {
  const conversation = await restored(id);
  await advance(conversation);
  return conversation;
}

/** Until nothing is due any more. */
async function catchUp(conversation: string): Promise<void> {
  for (let i = 0; i < 20; i += 1) {
    await advance(conversation);
    if ((await world.conversation(conversation)).next_action_at > world.context.clock.now()) return;
  }
  throw new Error('The conversation does not come to rest.');
}

async function command(conversation: string, id: string, what: object): Promise<void> {
  const { store, context } = world;
  const [campaign = ''] = conversation.split('/');
  const at = campaignTime(await loadCampaign(store, campaign), context.clock.now());
  await addEvent(store, conversation, { id, type: 'command', at, by: 'olga', command: what } as never);
}

const advance = (conversation_id: string) => advanceOne(world.context, job({ conversation_id }));
const sent = () => world.channel.wire.map(({ key }) => key);

it('what a restored campaign decides for the time of the gap is unknown, and is not sent', async () => {
  const conversation = await inTheGap('c');
  const key = `${conversation}/ask/1/0/0`;

  expect(await world.row(key)).toMatchObject({
    status: 'unknown',
    to: ANN['email'],
    body: 'Hello Ann.',
    attempts: [{ n: 0, outcome: 'unknown', reason: 'restored' }],
  });
  expect(sent()).not.toContain(key);
});

it('workers that come long after the gap send nothing of it, and what lies behind it', async () => {
  const conversation = await restored('late');
  world.skip(10 * DAY_MS);
  await catchUp(conversation);

  for (const index of [0, 1]) {
    const row = await world.row(`${conversation}/ask/1/${index}/0`);
    expect(row).toMatchObject({ status: 'unknown', attempts: [{ reason: 'restored' }] });
  }
  expect(sent().filter((key) => key.startsWith(conversation))).toEqual([`${conversation}/ask/1/2/0`]);
});

it('a reply of the gap that is taken in again is answered for the gap, by workers that come long after it', async () => {
  const conversation = await inTheGap('replied');
  const at = await world.store.serverTime();
  world.skip(10 * DAY_MS);
  await addEvent(world.store, conversation, { id: 'yes', type: 'response', at, intent: 'yes' } as never);
  await catchUp(conversation);

  expect(await world.row(`${conversation}/thank/1/0/0`)).toMatchObject({ status: 'unknown' });
  expect(sent().filter((key) => key.startsWith(conversation))).toEqual([]);
});

it('a blocked conversation that goes on long after the gap sends nothing that was due in it', async () => {
  const conversation = await restored('blocked');
  await world.store.conversations.updateOne({ _id: conversation }, { $set: { status: 'blocked', reason: 'a test' } });
  world.skip(10 * DAY_MS);
  await command(conversation, 'go-on', { name: 'retry' });
  await catchUp(conversation);

  expect(await world.row(`${conversation}/ask/1/0/0`)).toMatchObject({ status: 'unknown' });
  expect(await world.row(`${conversation}/ask/1/1/0`)).toMatchObject({ status: 'unknown' });
  expect(sent().filter((key) => key.startsWith(conversation))).toEqual([`${conversation}/ask/1/2/0`]);
});

it('what an operator has sent again in the gap goes out', async () => {
  const conversation = await inTheGap('d');
  const key = `${conversation}/ask/1/0/0`;
  await beginResend(world.store, key, { by: 'olga', at: world.context.clock.now() });
  await command(conversation, 'resend', { name: 'resend', key });
  await catchUp(conversation);
  world.skip(HOUR_MS); // it may have stood back for the outcome of the message that was due beside it
  await retry(world.context, job({ key: `${key}/r1` }));

  expect(sent()).toContain(`${key}/r1`);
  expect(sent()).not.toContain(key);
});

it('a resend that was asked for before the restore may have left, and is unknown', async () => {
  const conversation = await inTheGap('asked');
  const key = `${conversation}/ask/1/0/0`;
  await beginResend(world.store, key, { by: 'olga', at: (await world.store.serverTime()) - DAY_MS });
  await command(conversation, 'resend', { name: 'resend', key });
  await advance(conversation);

  expect(await world.row(`${key}/r1`)).toMatchObject({ status: 'unknown', attempts: [{ reason: 'restored' }] });
  expect(sent()).not.toContain(`${key}/r1`);
});

it('behind the gap messages go out as ever', async () => {
  const conversation = await inTheGap('e');
  world.skip(DAY_MS + 1000);
  await catchUp(conversation);
  await addEvent(world.store, conversation, {
    id: 'yes',
    type: 'response',
    at: world.context.clock.now(),
    intent: 'yes',
  } as never);
  await advance(conversation);

  expect(sent()).toContain(`${conversation}/thank/1/0/0`);
});
