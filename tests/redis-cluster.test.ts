import { campaignProgress, loadCampaign, type Store } from '@campaign-manager/core/store';
import { type Mailbox, type RedisCluster, startMailbox, startRedisCluster } from '@campaign-manager/local-stack';
import {
  createTestSystem,
  dropDatabase,
  type TestSystem,
  testDatabaseName,
  testMongoUri,
  until,
} from '@campaign-manager/testkit';
import { draftCampaign, launch } from './support/campaign.js';
import { oneMessage, people } from './support/one-message.js';
import { migratedStore } from './support/store.js';

const RECIPIENTS = 1000;
const KILL_AFTER = 200;
const PREFIX = '{campaign}';

const recipients = people(RECIPIENTS);

describe('on a Redis Cluster of three masters', () => {
  const database = testDatabaseName('redis_cluster');
  let cluster: RedisCluster;
  let mailbox: Mailbox;
  let store: Store;
  let system: TestSystem;

  beforeAll(async () => {
    cluster = await startRedisCluster();
    mailbox = await startMailbox();
    store = await migratedStore(database);
    system = createTestSystem({
      mongodbUri: testMongoUri(),
      database,
      redisUrl: cluster.uri,
      redisPrefix: PREFIX,
      env: { REDIS_CLUSTER: 'true', SMTP_URL: mailbox.uri, SMTP_TIMEOUT_SECONDS: '30' },
    });
  }, 90_000);

  afterAll(async () => {
    await mailbox.stop();
    await store.close();
    await dropDatabase(database);
    await cluster.stop();
  }, 60_000);

  it('a campaign goes through, each message once, although the master of its slot is killed on the way', async () => {
    const apps = await Promise.all([system.startScheduler(), system.startWorker(), system.startApi()]);
    await launch(store, oneMessage, draftCampaign('big', oneMessage), recipients, 1);
    await until(() => mailbox.messages().length >= KILL_AFTER, { timeoutMs: 60_000, describe: 'the first mails' });

    await cluster.killMasterOf(PREFIX);
    expect(mailbox.messages().length).toBeLessThan(RECIPIENTS);
    await until(async () => (await loadCampaign(store, 'big')).status === 'completed', {
      timeoutMs: 200_000,
      describe: 'the campaign to be completed',
    });

    const { messages, by_result } = await campaignProgress(store, 'big', new Date());
    expect([messages.by_status, by_result]).toEqual([{ sent: RECIPIENTS }, { success: RECIPIENTS }]);
    expect(mailbox.messages()).toHaveLength(RECIPIENTS);
    expect(new Set(mailbox.messages().map(({ to }) => to)).size).toBe(RECIPIENTS);
    await Promise.all(apps.map((app) => ('process' in app ? app.process : app).stop()));
  }, 360_000);
});
