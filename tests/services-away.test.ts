import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { connectStore, listMessages, loadCampaign, migrate, type Store } from '@campaign-manager/core/store';
import {
  freePort,
  type LocalService,
  type Mailbox,
  startMailbox,
  startMongo,
  startRedis,
} from '@campaign-manager/local-stack';
import { createTestSystem, type RunningProcess, until } from '@campaign-manager/testkit';
import { draftCampaign, launch } from './support/campaign.js';

const RECIPIENTS = 600;

/** Three messages a second apart, so that the campaign lasts long enough to lose its services in the middle. */
const template: CampaignTemplate = {
  _id: 'three_messages',
  name: 'Three messages',
  type: 'support',
  stages: {
    only: { messages: [0, 1, 2].map((i) => ({ template: `Message ${i}.`, timing: { delay_hours: i } })) },
  },
};
const ONE_SECOND_AN_HOUR = 1 / 3600;

const recipients = Array.from({ length: RECIPIENTS }, (_, i) => ({ _id: `p${i}`, email: `p${i}@example.test` }));

describe('MongoDB and Redis away', () => {
  let folder: string;
  let mongoPort: number;
  let redisPort: number;
  let mongo: LocalService;
  let redis: LocalService;
  let mailbox: Mailbox;
  let worker: RunningProcess;
  let scheduler: RunningProcess;
  let store: Store;

  const startMongoAgain = () => startMongo({ dataDir: join(folder, 'mongo'), port: mongoPort });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'services-away-'));
    [mongoPort, redisPort] = await Promise.all([freePort(), freePort()]);
    mailbox = await startMailbox({});
  }, 60_000);

  afterAll(async () => {
    await Promise.all([worker?.stop(), scheduler?.stop()]);
    await store?.close();
    await Promise.all([mongo?.stop(), redis?.stop(), mailbox.stop()]);
    await rm(folder, { recursive: true });
  }, 60_000);

  it('at start: the apps say so, are not ready, and begin when both are there', async () => {
    const system = createTestSystem({
      mongodbUri: `mongodb://127.0.0.1:${mongoPort}`,
      database: 'away',
      redisUrl: `redis://127.0.0.1:${redisPort}`,
      redisPrefix: 'away',
      env: { SMTP_URL: mailbox.uri },
    });
    worker = system.spawn('worker', 'worker');
    scheduler = system.spawn('scheduler', 'scheduler');
    const health = await Promise.all([worker, scheduler].map(healthPort));
    await worker.waitForLine(/MongoDB/);
    for (const port of health) expect(await readiness(port)).toBe(503);

    mongo = await startMongoAgain();
    store = await connectStore({ uri: mongo.uri, database: 'away', poolSize: 5, maxIdleMs: 30_000, appName: 'test' });
    await migrate(store);
    await worker.waitForLine(/Redis/);
    for (const port of health) expect(await readiness(port)).toBe(503);

    redis = await startRedis({ port: redisPort });
    for (const port of health) {
      await until(async () => (await readiness(port)) === 200, { timeoutMs: 30_000, describe: 'the app to be ready' });
    }
  }, 90_000);

  it('later: work pauses and goes on when they are back; every message arrives once or is visibly unknown', async () => {
    await launch(store, template, draftCampaign('c', template), recipients, ONE_SECOND_AN_HOUR);

    await until(() => mailbox.messages().length >= 100, { timeoutMs: 30_000, describe: 'the first mails' });
    await redis.stop();
    redis = await startRedis({ port: redisPort }); // a new one: everything that it held is lost
    await until(() => mailbox.messages().length >= 700, {
      timeoutMs: 60_000,
      describe: 'mails after the loss of Redis',
    });
    await mongo.stop();
    await worker.waitForLine(/"level":"(WARN|ERROR)".*(Mongo|ECONNREFUSED|Outcomes)/);
    mongo = await startMongoAgain();

    await until(async () => (await loadCampaign(store, 'c')).status === 'completed', {
      timeoutMs: 120_000,
      describe: 'the campaign to be completed',
    });
    const unknown = new Set(
      (await listMessages(store, { campaignId: 'c' }, 'unknown', '', 5000)).map(({ _id }) => _id),
    );
    const expected = recipients.flatMap(({ _id }) => [0, 1, 2].map((i) => `c/${_id}/only/1/${i}/0`));
    const arrived = mailbox.messages().map(({ headers }) => headers['x-campaign-message'] ?? '');
    expect(new Set(arrived).size).toBe(arrived.length);
    const all = new Set([...arrived, ...unknown]);
    expect(expected.filter((key) => !all.has(key))).toEqual([]);
  }, 240_000);
});

async function healthPort(process: RunningProcess): Promise<number> {
  const line = await process.waitForLine(/Health and metrics are served/);
  return (JSON.parse(line) as { port: number }).port;
}

async function readiness(port: number): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}/health/ready`)).status;
}
