import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { campaignProgress, connectStore, loadCampaign, migrate, type Store } from '@campaign-manager/core/store';
import {
  createTestSystem,
  dropDatabase,
  type RunningProcess,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { draftCampaign, launch } from './support/campaign.js';

/** More than three pages of initialisation. */
const MEMBERS = 3500;
const FEWER = 1200;

const template: CampaignTemplate = {
  _id: 'one_message',
  name: 'One message',
  type: 'sales',
  stages: { only: { messages: [{ template: 'Hello {{recipient.first_name}}.' }] } },
};
const recipients = Array.from({ length: MEMBERS }, (_, i) => ({ _id: `p${i}`, first_name: `P ${i}`, phone: `+1${i}` }));

describe('a worker app of two processes', () => {
  const database = testDatabaseName('processes');
  const sendersByPid = new Map<number, number>();
  let store: Store;
  let worker: RunningProcess;
  let scheduler: RunningProcess;
  let port: number;

  beforeAll(async () => {
    store = await connectStore({ uri: testMongoUri(), database, poolSize: 5, maxIdleMs: 30_000, appName: 'test' });
    await migrate(store);
    const system = createTestSystem({
      mongodbUri: testMongoUri(),
      database,
      redisUrl: testRedisUrl(),
      redisPrefix: testRedisPrefix('processes'),
      env: { WORKER_THREADS: '2', SHUTDOWN_TIMEOUT_SECONDS: '20' },
      onLine: (line) => {
        if (!line.includes('"channel":"log"')) return;
        const { pid } = JSON.parse(line) as { pid: number };
        sendersByPid.set(pid, (sendersByPid.get(pid) ?? 0) + 1);
      },
    });
    scheduler = await system.startScheduler();
    worker = system.spawn('worker', 'worker');
    port = (JSON.parse(await worker.waitForLine(/Health and metrics are served/)) as { port: number }).port;
    await ready();
  }, 90_000);

  afterAll(async () => {
    await Promise.all([worker?.stop(), scheduler?.stop()]);
    await store.close();
    await dropDatabase(database);
  }, 60_000);

  const ready = () =>
    until(async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status === 200, {
      timeoutMs: 60_000,
      describe: 'every process to take jobs',
    });
  const completed = (id: string) =>
    until(async () => (await loadCampaign(store, id)).status === 'completed', {
      timeoutMs: 90_000,
      describe: `campaign ${id} to be completed`,
    });
  const launchOne = (id: string, count: number, more = {}) =>
    launch(store, template, draftCampaign(id, template, { channel: 'log', ...more }), recipients.slice(0, count), 1);

  it('shares the jobs of a campaign that starts by itself, and its metrics are those of both', async () => {
    await launchOne('scheduled', MEMBERS, { start_at: (await store.serverTime()) + 1000 });
    await completed('scheduled');

    expect((await campaignProgress(store, 'scheduled', new Date())).by_result).toEqual({ success: MEMBERS });
    expect(sendersByPid.size).toBe(2);
    expect([...sendersByPid.values()].reduce((a, b) => a + b)).toBe(MEMBERS);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain(`communication_conversations_initialized{campaign_type="sales"} ${MEMBERS}`);
    expect(metrics).toContain(`communication_messages_total{channel="log",outcome="sent"} ${MEMBERS}`);
  }, 120_000);

  it('a campaign whose dates have passed ends as expired without a message', async () => {
    const now = await store.serverTime();
    const sent = [...sendersByPid.values()].reduce((a, b) => a + b, 0);
    await launchOne('past', FEWER, { start_at: now - 2000, end_at: now - 1000 });
    await completed('past');

    expect(await loadCampaign(store, 'past')).toMatchObject({ result: 'expired' });
    expect(await campaignProgress(store, 'past', new Date())).toMatchObject({
      by_result: { expired: FEWER },
      messages: { by_status: {} },
    });
    expect([...sendersByPid.values()].reduce((a, b) => a + b, 0)).toBe(sent);
  }, 120_000);

  it('a process that is killed is replaced, and the campaign goes on', async () => {
    const [victim = 0] = [...sendersByPid.keys()];
    sendersByPid.clear();
    await launchOne('killed', FEWER);
    await until(() => (sendersByPid.get(victim) ?? 0) > 50, { timeoutMs: 30_000, describe: 'the victim to send' });
    process.kill(victim, 'SIGKILL');
    await worker.waitForLine(/A worker process died; another one takes its place/);
    await ready();
    await completed('killed');

    const { by_result, messages } = await campaignProgress(store, 'killed', new Date());
    expect(by_result).toEqual({ success: FEWER });
    // The log channel's policy is at_least_once: what was on the wire is sent again, so none is unknown.
    expect(messages.by_status).toEqual({ sent: FEWER });
  }, 150_000);

  it('SIGTERM to the whole group in the middle of a campaign drains every process and exits with 0', async () => {
    sendersByPid.clear();
    await launchOne('stopped', MEMBERS);
    await until(() => sendersByPid.size === 2, { timeoutMs: 30_000, describe: 'both to send' });
    process.kill(-worker.pid, 'SIGTERM');

    expect(await worker.exited).toEqual({ code: 0, signal: null });
    expect(await store.openBatches.collection.countDocuments({ campaign_id: 'stopped' })).toBe(0);
    expect(await store.messages.collection.countDocuments({ status: 'sending' })).toBe(0);
    const stopped = (await store.messages.collection.find({ campaign_id: 'stopped' }).toArray()).length;
    expect([...sendersByPid.values()].reduce((a, b) => a + b)).toBe(stopped);
  }, 60_000);
});
