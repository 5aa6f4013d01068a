import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectStore, type Store } from '@campaign-manager/core/store';
import { createProducers, ensureConnected, producerConnection } from '@campaign-manager/queues';
import { testRedisUrl, until } from '@campaign-manager/testkit';

import { Redis } from 'ioredis';
import { runCli } from './support/run-cli.js';
import { startTestSystem, type TestSystem } from './support/system.js';

/** Stands in everything that is known of one recipient. */
const CANARY = 'Kanarie';

const template = {
  _id: 'greeting',
  name: 'Greeting',
  type: 'support',
  stages: {
    hello: {
      messages: [
        {
          template: 'Hello {{recipient.first_name}} of {{ticket.owner}}.',
          timing: { max_follow_ups: 3, follow_up_delay_hours: 24 },
        },
      ],
      progression_rules: { response_required: true, min_responses_required: 5, max_stage_duration_hours: 100 },
    },
  },
};

let system: TestSystem;
let store: Store;
let folder: string;
beforeAll(async () => {
  system = await startTestSystem('erasure');
  const { MONGODB_URI = '', MONGODB_DATABASE = '' } = system.env;
  const options = { uri: MONGODB_URI, database: MONGODB_DATABASE, poolSize: 2, maxIdleMs: 0, appName: 'test' };
  store = await connectStore(options);
  folder = await mkdtemp(join(tmpdir(), 'campaign-erasure-'));
  await system.post('/v1/templates', template);
  await system.post(
    '/v1/recipients',
    ['ada', 'bob'].map((_id) => ({
      _id,
      first_name: _id === 'ada' ? CANARY : 'Bob',
      email: `${_id === 'ada' ? CANARY : 'bob'}@example.test`,
    })) as object,
  );
  for (const campaign of ['c', 'd']) {
    await system.post('/v1/campaigns', { _id: campaign, name: 'C', template_id: 'greeting', channel: 'log' });
    await system.post(
      `/v1/campaigns/${campaign}/audience`,
      ['ada', 'bob'].map((recipient_id) => ({
        recipient_id,
        context: { 'ticket.owner': recipient_id === 'ada' ? CANARY : 'Bob' },
      })) as object,
    );
  }
  await system.post('/v1/campaigns/c/launch', {});
  await until(async () => (await store.messages.countDocuments({ status: 'sent' })) === 2, {
    timeoutMs: 30_000,
    describe: 'both were written to',
  });
}, 90_000);
afterAll(async () => {
  await store.close();
  await system.stop();
  await rm(folder, { recursive: true });
});

async function reply(id: string, conversation = 'c/ada'): Promise<void> {
  const data = JSON.stringify({ name: CANARY });
  const run = await system.cli('respond', conversation, '--text', `I am ${CANARY}`, '--data', data, '--id', id);
  expect(run).toMatchObject({ code: 0 });
}

/** The collections whose documents hold the canary. */
async function places(): Promise<string[]> {
  const found: string[] = [];
  for (const { collection } of Object.values(store.connection.models)) {
    const documents = JSON.stringify(await collection.find({}).toArray()).toLowerCase();
    if (documents.includes(CANARY.toLowerCase())) found.push(collection.collectionName);
  }
  return found.sort();
}

async function inRedis(): Promise<string[]> {
  const redis = new Redis(testRedisUrl());
  try {
    const found: string[] = [];
    for await (const keys of redis.scanStream({ match: `${system.env['REDIS_PREFIX']}*` })) {
      for (const key of keys as string[]) {
        const dumped = await redis.dumpBuffer(key);
        if (`${key} ${dumped?.toString('latin1')}`.toLowerCase().includes(CANARY.toLowerCase())) found.push(key);
      }
    }
    return found;
  } finally {
    redis.disconnect();
  }
}

const WHERE = ['audience_members', 'conversation_states', 'messages', 'recipients', 'responses'];

it('a recipient is exported and erased with a receipt; nothing comes back, and others go on', async () => {
  await reply('r1');
  await until(async () => (await store.responses.countDocuments({ status: 'applied' })) === 1, {
    describe: 'the reply is applied',
  });
  expect(await places()).toEqual(WHERE);

  const file = join(folder, 'ada.ndjson');
  const exported = await system.cli('recipients', 'export', 'ada', file);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const collections = lines.map((line) => (JSON.parse(line) as { readonly collection: string }).collection);
  expect([exported.code, exported.stdout]).toEqual([0, `${lines.length} documents exported to ${file}\n`]);
  expect(collections).toEqual(expect.arrayContaining(WHERE));

  const erased = await system.cli('erase', 'ada');
  expect([erased.code, erased.stderr, erased.stdout.split('\n')[0]]).toEqual([
    0,
    '',
    'ada is erased; 1 open conversations were ended.',
  ]);
  expect(await places()).toEqual([]);
  expect(await inRedis()).toEqual([]);

  await reply('r2');
  await reply('r1');
  expect(await places()).toEqual([]);
  const [receipt] = JSON.parse((await system.cli('erasures', '--json')).stdout) as { readonly id: string }[];
  expect((await system.cli('erasures')).stdout).toBe(`ada\t${receipt?.id}\n`);
  expect(receipt).toMatchObject({ recipient_id: 'ada', status: 'complete', requested_by: 'bootstrap' });

  await system.post('/v1/campaigns/d/launch', {});
  await until(async () => (await store.messages.countDocuments({ campaign_id: 'd', status: 'sent' })) === 1, {
    describe: 'bob is written to, and nobody else',
  });
  expect(await store.conversations.countDocuments({ campaign_id: 'd' })).toBe(1);
}, 180_000);

it('somebody of whom nothing is known is not erased, and not exported', async () => {
  const erased = await system.cli('erase', 'nobody');
  const several = await system.cli('erase', 'nobody', 'ada');
  const exported = await system.cli('recipients', 'export', 'nobody');

  expect([erased.code, erased.stderr]).toEqual([1, "Not found: There is no recipient 'nobody'.\n"]);
  expect([several.code, several.stderr]).toEqual([0, 'nobody: nothing is known of such a recipient.\n']);
  expect(several.stdout).toContain('ada is erased');
  expect([exported.code, exported.stderr, exported.stdout]).toEqual([
    1,
    "Not found: There is no recipient 'nobody'.\n",
    '',
  ]);
}, 90_000);

it('a list of ids is erased to its end, whoever is unknown in it or has to wait', async () => {
  const batch = { _id: 'left', conversation_ids: ['c/bob'], lease_until: 0 };
  await store.openBatches.collection.insertOne(batch as never); // no scheduler runs that would have it adopted
  const waits = await system.cliWithInput('bob\nnobody\nada\n', 'erase', '--wait', '0', '-');
  const [first, second, hint] = waits.stderr.split('\n');
  expect(waits.code).toBe(1);
  expect(first).toMatch(/^The erasure of bob is not complete: it waits for 0 messages on the wire, 1 decisions/);
  expect(second).toBe('nobody: nothing is known of such a recipient.');
  expect(hint).toMatch(/^Hint: see that workers and scheduler run/);
  expect(waits.stdout).toContain('ada is erased');

  await store.openBatches.collection.deleteOne({ _id: 'left' } as never);
  const later = await system.cliWithInput('nobody\n', 'erase', '-');
  expect(later).toMatchObject({ code: 0, stdout: '' });
  expect(await system.cliWithInput('bob\n', 'erase', '-')).toMatchObject({ code: 0, stderr: '' });
}, 90_000);

it('of a list of erasures only those are done again that the database does not know', async () => {
  await system.post('/v1/recipients', [{ _id: 'eve', email: 'eve@example.test' }] as object);
  expect(await system.cli('erase', 'eve')).toMatchObject({ code: 0 });
  const line = (await system.cli('erasures')).stdout.split('\n').find((one) => one.startsWith('eve\t'));
  await system.post('/v1/recipients', [{ _id: 'eve', email: 'new@example.test' }] as object);

  const known = await system.cliWithInput(`${line}\n`, 'erase', '-');
  expect([known.code, known.stdout, known.stderr]).toEqual([
    0,
    '',
    expect.stringMatching(/^eve: erased already, with the receipt [\w-]+; passed over\.\n$/),
  ]);
  expect(await store.recipients.findById('eve').lean()).toMatchObject({ email: 'new@example.test' });

  const lost = await system.cliWithInput('eve\tof-a-later-erasure\n', 'erase', '-');
  expect(lost).toMatchObject({ code: 0, stderr: '' });
  expect(await store.recipients.findById('eve').lean()).toBeNull();
}, 90_000);

it.each(['', '\n\n'])(
  'a list that is empty, %j, is no list of ids: somebody forgot to bring one in',
  async (input) => {
    const none = await system.cliWithInput(input, 'erase', '-');
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toMatch(/^Standard input is empty\.\nHint: .* exec -i/);
  },
  60_000,
);

it("beside the api its own key serves, and is told to no other machine's", async () => {
  const { API_BOOTSTRAP_KEY = '' } = system.env;
  const beside = await runCli(['erasures'], { CAMPAIGN_API_URL: system.url, API_BOOTSTRAP_KEY });
  expect([beside.code, beside.stderr]).toEqual([0, '']);
  const elsewhere = await runCli(['erasures', '--api', 'http://api.example.test'], { API_BOOTSTRAP_KEY });
  expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringMatching(/^There is no API key\./)]);
}, 60_000);

it('the doctor finds a queue that somebody paused', async () => {
  const redis = producerConnection(testRedisUrl());
  await ensureConnected(redis);
  const producers = createProducers(redis, system.env['REDIS_PREFIX'] ?? '');
  try {
    await producers.queues.messages.pause();
    const { stdout } = await runCli(['doctor'], system.env);
    expect(stdout).toContain('wrong  Redis: somebody paused messages: nothing of it is done');
    expect(stdout).toContain('to mend it: set QUEUES_WRITABLE=true for the api and restart it, then resume the queue');

    await producers.queues.messages.resume();
    expect((await runCli(['doctor'], system.env)).stdout).toContain('ok     Redis');
  } finally {
    await producers.close();
  }
}, 120_000);
