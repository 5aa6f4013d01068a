import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import type { Delivery } from '../src/delivery/delivery.js';
import { advanceOne } from '../src/jobs/advance.js';
import { createWorld, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'hello',
  name: 'Hello',
  type: 'sales',
  stages: { hello: { messages: [{ template: 'Hello.' }] } },
};

let world: World;
beforeEach(async () => {
  world = await createWorld('twins');
});
afterEach(() => world.stop());

/** What two jobs for one conversation would bring to the dispatcher at the same moment. */
async function twins(): Promise<Delivery[]> {
  const seen: Delivery[] = [];
  const watching = { ...world.context, dispatchers: new Map([['email', { submit: catching }]] as const) };
  const [id = ''] = await world.begin('c', template);
  await advanceOne(watching as never, job({ conversation_id: id }));
  return [...seen, ...seen];

  async function catching(deliveries: readonly Delivery[]): Promise<void> {
    seen.push(...deliveries);
  }
}

/** An emptied Redis can bring two jobs for one conversation about, and both may reach one worker at once. */
it('one message that is brought twice into one chunk is sent once', async () => {
  const both = await twins();
  expect(both.map(({ effect }) => effect.key)).toEqual(['c/ann/hello/1/0/0', 'c/ann/hello/1/0/0']);

  await world.context.dispatchers.get('email')?.submit(both);

  expect(world.channel.wire).toHaveLength(1);
  expect(world.channel.open()).toBe(0);
  expect(await world.row('c/ann/hello/1/0/0')).toMatchObject({ status: 'sent', attempt: 1 });
});
