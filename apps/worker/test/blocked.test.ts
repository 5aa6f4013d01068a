import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { addEvent } from '@campaign-manager/core/store';
import type { WorkerContext } from '../src/context.js';
import { advanceOne } from '../src/jobs/advance.js';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { ANN, createWorld, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'asking',
  name: 'Asking',
  type: 'support',
  stages: {
    ask: {
      messages: [{ template: 'Your {{recipient.plan}} and your {{recipient.city}}?' }],
      progression_rules: { response_required: true, max_stage_duration_hours: 1000 },
    },
  },
};
const CANARY = 'canary-of-a-city';
const recipients = Array.from({ length: 12 }, (_, i) => ({
  ...ANN,
  _id: `p${String(i).padStart(2, '0')}`,
  email: `p${i}@example.test`,
  ...(i > 0 ? { city: CANARY } : {}),
  ...(i > 10 ? { plan: 'gold' } : {}),
}));

let world: World;
let worker: WorkerContext;
let lines: object[];

beforeAll(async () => {
  world = await createWorld('blocked');
}, 60_000);

afterAll(() => world.stop());

beforeEach(() => {
  lines = [];
  const warn = (line: object, message: string) => void lines.push({ ...line, message });
  worker = { ...world.context, logger: Object.assign(Object.create(world.context.logger), { warn, error: () => {} }) };
});

afterEach(() => world.interference.reset());

const message = 'Conversations are blocked';

it('the log tells which conversations of a batch are blocked, a line a reason, and never a value', async () => {
  const ids = await world.begin('c', template, { recipients });

  await advanceBatch(worker, job({ campaign_id: 'c', conversation_ids: ids }));

  expect(lines).toEqual([
    {
      campaign_id: 'c',
      reason: 'missing_variable: recipient.plan, recipient.city',
      conversations: 1,
      conversation_ids: ['c/p00'],
      message,
    },
    {
      campaign_id: 'c',
      reason: 'missing_variable: recipient.plan',
      conversations: 10,
      conversation_ids: ids.slice(1, 11),
      message,
    },
  ]);
  expect(JSON.stringify(lines)).not.toContain(CANARY);
});

it('one that is retried and blocked again is told again, and one that only waits is not', async () => {
  const [id = ''] = await world.begin('d', template, { recipients: recipients.slice(0, 1) });
  await advanceOne(worker, job({ conversation_id: id }));
  expect(lines).toHaveLength(1);

  const reply = { id: 'r', type: 'response', at: 1, text: 'Hm.' } as const;
  expect(await addEvent(world.store, id, reply as never)).toBe('added');
  await advanceOne(worker, job({ conversation_id: id }));
  expect(await world.conversation(id)).toMatchObject({ status: 'blocked', response_count: 1 });
  expect(lines).toHaveLength(1);

  const command = { id: 'go', type: 'command', at: 1, by: 'operator', command: { name: 'retry' } } as const;
  await addEvent(world.store, id, command);
  await advanceOne(worker, job({ conversation_id: id }));
  expect(lines).toHaveLength(2);
});

it('what is not committed is not told', async () => {
  const [id = ''] = await world.begin('e', template, { recipients: recipients.slice(0, 1) });
  world.interference.before('conversations.bulkWrite', async () => {
    await world.store.conversations.updateOne({ _id: id }, { $inc: { version: 1 } });
  });

  await advanceOne(worker, job({ conversation_id: id }));

  expect((await world.conversation(id)).status).toBe('active');
  expect(lines).toEqual([]);
});

it('of what custom logic said, only the kind is told', async () => {
  const [id = ''] = await world.begin('f', template, { recipients: recipients.slice(11) });
  const manager = { evaluateStageProgression: () => Promise.reject(new Error(`no such city: ${CANARY}`)) };

  await advanceOne({ ...worker, manager: manager as never }, job({ conversation_id: id }));

  expect((await world.conversation(id)).reason).toContain(CANARY);
  expect(lines).toMatchObject([{ reason: 'custom_logic_failed', conversation_ids: [id] }]);
});

it('one that lacks a field of the reply goes on when a reply that has it was handed in, and it is retried', async () => {
  const rating: CampaignTemplate = {
    ...template,
    _id: 'rating',
    stages: { thank: { ...template.stages['ask'], messages: [{ template: 'Thank you for {{response.rating}}.' }] } },
  };
  const [id = ''] = await world.begin('g', rating, { recipients: recipients.slice(0, 1) });
  await advanceOne(worker, job({ conversation_id: id }));
  expect(lines).toMatchObject([{ reason: 'missing_variable: response.rating' }]);

  await addEvent(world.store, id, { id: 'r', type: 'response', at: 1, text: 'Four.', data: { rating: 4 } } as never);
  await addEvent(world.store, id, { id: 'go', type: 'command', at: 1, by: 'operator', command: { name: 'retry' } });
  await advanceOne(worker, job({ conversation_id: id }));

  expect(world.channel.wire.at(-1)).toMatchObject({ body: 'Thank you for 4.' });
  expect((await world.conversation(id)).status).not.toBe('blocked');
});
