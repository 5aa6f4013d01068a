import { setTimeout as delay } from 'node:timers/promises';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import {
  campaignProgress,
  installedSchema,
  loadCampaign,
  SCHEMA_VERSION,
  type Store,
} from '@campaign-manager/core/store';
import { freePort, type Mailbox, startMailbox } from '@campaign-manager/local-stack';
import {
  type AppName,
  createTestSystem,
  dropDatabase,
  dropKeys,
  type RunningProcess,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { draftCampaign, launch } from './support/campaign.js';
import { migratedStore } from './support/store.js';

const PEOPLE = Array.from({ length: 600 }, (_, i) => ({ _id: `p${i}`, email: `p${i}@example.test` }));
const MESSAGES = 3;
const template: CampaignTemplate = {
  _id: 'three',
  name: 'Three messages',
  type: 'sales',
  stages: {
    only: {
      messages: Array.from({ length: MESSAGES }, (_, i) => ({
        template: `Message ${i}.`,
        timing: { delay_hours: i * 15 },
      })),
    },
  },
};
const APPS: readonly AppName[] = ['worker', 'scheduler', 'api'];

interface Replica {
  readonly app: AppName;
  readonly process: RunningProcess;
  readonly healthPort: number;
}

/**
 * Two generations of processes on one system, replaced one after the other. Both are of this build: what an older build
 * leaves behind is the fault suite's (`older-version`).
 */
describe('a rolling upgrade in the middle of a campaign', () => {
  const database = testDatabaseName('rolling');
  const redisPrefix = testRedisPrefix('rolling');
  const replicas = new Map<AppName, Replica>();
  const gaps: string[] = [];
  let mailbox: Mailbox;
  let store: Store;
  let spawn: (app: AppName, label: string) => Promise<Replica>;

  beforeAll(async () => {
    mailbox = await startMailbox({ latencyMs: 20 });
    store = await migratedStore(database);
    const system = createTestSystem({
      mongodbUri: testMongoUri(),
      database,
      redisUrl: testRedisUrl(),
      redisPrefix,
      env: { SMTP_URL: mailbox.uri, WORKER_CONCURRENT_TASKS: '4', CAMPAIGN_MAX_BATCH_SIZE: '20' },
    });
    spawn = async (app, label) => {
      const healthPort = await freePort();
      const process = system.spawn(app, label, {
        METRICS_PORT: String(healthPort),
        API_HOST: '127.0.0.1',
        API_PORT: '0',
      });
      return { app, process, healthPort };
    };
    for (const app of APPS) replicas.set(app, await spawn(app, `old ${app}`));
    for (const replica of replicas.values()) await ready(replica);
  }, 90_000);

  afterAll(async () => {
    await Promise.all([...replicas.values()].map(({ process }) => process.stop()));
    await store.close();
    await mailbox.stop();
    await Promise.all([dropDatabase(database), dropKeys(redisPrefix)]);
  }, 60_000);

  const isReady = ({ healthPort }: Replica) =>
    fetch(`http://127.0.0.1:${healthPort}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  const ready = (replica: Replica) =>
    until(() => isReady(replica), { timeoutMs: 60_000, describe: `the ${replica.app} to be ready` });

  it('loses nothing, repeats nothing, and somebody is ready at every moment', async () => {
    await launch(store, template, draftCampaign('c', template), PEOPLE, 1 / 3600);
    await until(() => mailbox.messages().length > 50, { timeoutMs: 60_000, describe: 'the campaign is under way' });

    // The migration of a version that only adds: the old generation works on with it.
    await store.installation.updateOne({ _id: 'schema' }, { version: SCHEMA_VERSION + 1 });
    for (const replica of replicas.values()) expect(await isReady(replica)).toBe(true);

    for (const app of APPS) {
      const old = replicas.get(app) as Replica;
      const next = await spawn(app, `new ${app}`);
      await ready(next);
      if (!(await isReady(old))) gaps.push(`the old ${app} was not ready while its successor started`);
      replicas.set(app, next);
      old.process.kill('SIGTERM');
      for (let gone = false; !gone; ) {
        if (!(await isReady(next))) gaps.push(`the new ${app} was not ready while the old one drained`);
        gone = await Promise.race([old.process.exited.then(() => true), delay(20).then(() => false)]);
      }
      expect(await old.process.exited).toEqual({ code: 0, signal: null });
    }
    expect(mailbox.messages().length).toBeLessThan(PEOPLE.length * MESSAGES); // it happened in the middle

    await until(async () => (await loadCampaign(store, 'c')).status === 'completed', {
      timeoutMs: 180_000,
      describe: 'the campaign to be completed',
    });
    expect(gaps).toEqual([]);
    const keys = mailbox.messages().map(({ headers }) => headers['x-campaign-message']);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBe(PEOPLE.length * MESSAGES);
    expect((await campaignProgress(store, 'c', new Date())).messages.by_status).toEqual({ sent: keys.length });
    expect((await installedSchema(store)).version).toBe(SCHEMA_VERSION + 1);
  }, 400_000);
});
