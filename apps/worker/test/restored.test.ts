import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { addEvent, beginResend, campaignTime, loadCampaign } from '@campaign-manager/core/store';
import { advanceOne } from '../src/jobs/advance.js';
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
async function inTheGap(id: string): Promise<string> {
  const until = world.context.clock.now() + DAY_MS;
  const [conversation = ''] = await world.begin(id, template, {
    recipients: [ANN],
    campaign: { doubt_until: until },
  });
  await advance(conversation);
  return conversation;
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

it('what an operator has sent again in the gap goes out', async () => {
  const conversation = await inTheGap('d');
  const key = `${conversation}/ask/1/0/0`;
  const { store, context } = world;
  const now = context.clock.now();
  await beginResend(store, key, { by: 'olga', at: now });
  const at = campaignTime(await loadCampaign(store, 'd'), now);
  await addEvent(store, conversation, { id: 'resend', type: 'command', at, command: { name: 'resend', key } } as never);
  await advance(conversation);

  expect(sent()).toContain(`${key}/r1`);
  expect(sent()).not.toContain(key);
});

it('behind the gap messages go out as ever', async () => {
  const conversation = await inTheGap('e');
  world.skip(DAY_MS + 1000);
  await addEvent(world.store, conversation, {
    id: 'yes',
    type: 'response',
    at: world.context.clock.now(),
    intent: 'yes',
  } as never);
  await advance(conversation);

  expect(sent()).toContain(`${conversation}/thank/1/0/0`);
});
