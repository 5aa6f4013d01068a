import {
  createTestSystem,
  dropDatabase,
  dropKeys,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { draftCampaign, launch } from './support/campaign.js';
import { migratedStore } from './support/store.js';
import { twoMessages } from './support/two-messages.js';

const wilhelmina = { _id: 'p1', first_name: 'Wilhelmina', email: 'minna@example.test', phone: '+491701234567' };
const addressed = { _id: 'ottilie@example.test', first_name: 'Ottilie', email: 'ottilie@example.test' };
const REPLY = 'Certainly with pleasure';
const PERSONAL = ['Wilhelmina', 'minna', '17012345', 'ttilie@', 'Ottilie', 'with pleasure', 'are you', 'Good to hear'];

interface Line {
  readonly app: string;
  readonly level: string;
  readonly msg: string;
  readonly [member: string]: unknown;
}

const output: string[] = [];
const lines = () => output.map((line) => JSON.parse(line) as Line);
const database = testDatabaseName('debug_log');
const redisPrefix = testRedisPrefix('debug_log');

afterAll(async () => {
  await dropDatabase(database);
  await dropKeys(redisPrefix);
});

beforeAll(async () => {
  const store = await migratedStore(database);
  const system = createTestSystem({
    mongodbUri: testMongoUri(),
    database,
    redisUrl: testRedisUrl(),
    redisPrefix,
    env: { LOG_LEVEL: 'DEBUG' },
    onLine: (line) => output.push(line),
  });
  const [api, worker, scheduler] = await Promise.all([
    system.startApi(),
    system.startWorker(),
    system.startScheduler(),
  ]);
  const outcomes = (count: number) =>
    until(() => lines().filter(({ msg }) => msg === 'A message has an outcome').length === count, {
      describe: `${count} outcomes`,
      timeoutMs: 60_000,
    });

  await launch(store, twoMessages, draftCampaign('c1', twoMessages, { channel: 'log' }), [wilhelmina, addressed], 1);
  await outcomes(2);
  for (const { _id } of [wilhelmina, addressed]) {
    await api.call('POST', '/v1/responses', { id: `to-${_id}`, conversation_id: `c1/${_id}`, text: REPLY });
  }
  await outcomes(4);
  await api.call('POST', '/v1/responses', { id: 'astray', conversation_id: 'c1/nobody', text: REPLY });
  await Promise.all([api.process, worker, scheduler].map((process) => process.stop()));
  await store.close();
}, 120_000);

describe('LOG_LEVEL=DEBUG', () => {
  it('shows one conversation on its way from a reply to the next message', () => {
    const debug = lines().filter(({ level }) => level === 'DEBUG');
    const ofConversation = debug.filter((line) => JSON.stringify(line).includes('c1/p1'));
    const reply = ofConversation.find(({ msg }) => msg === 'A reply is stored');
    expect(reply).toMatchObject({ app: 'api', conversation_id: 'c1/p1', created: true });

    const key = 'c1/p1/answer/1/0/0';
    const commit = ofConversation.find(({ messages }) => Array.isArray(messages) && messages.includes(key));
    expect(commit).toMatchObject({
      app: 'worker',
      msg: 'A decision is committed',
      conversation_id: 'c1/p1',
      version: expect.any(Number),
      stage: 'answer',
      events: expect.arrayContaining(['response', 'advanced']),
    });
    expect(ofConversation.filter((line) => line['key'] === key)).toMatchObject([
      {
        app: 'worker',
        msg: 'A message has an outcome',
        channel: 'log',
        status: 'sent',
        attempt: 1,
        outcome: 'accepted',
      },
    ]);
    expect(ofConversation.map(({ msg }) => msg)).toContain('A conversation is taken up');
  });

  it('shows what polls found and which jobs were taken up', () => {
    expect(lines()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ app: 'scheduler', msg: 'A poll is done', campaigns: 1 }),
        expect.objectContaining({ app: 'worker', msg: 'A batch of conversations is taken up', campaign_id: 'c1' }),
      ]),
    );
  });

  it('shows replies that belong nowhere', () => {
    expect(lines().find((line) => line['response_id'] === 'astray')).toMatchObject({
      msg: 'A reply is stored',
      status: 'unmatched',
    });
  });

  it('shows no address, no name and nothing that anybody wrote, even where an id is an address', () => {
    const whole = output.join('\n');
    expect(whole).toContain('c1/[REDACTED]');
    expect(PERSONAL.filter((text) => whole.toLowerCase().includes(text.toLowerCase()))).toEqual([]);
  });
});
