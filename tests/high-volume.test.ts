import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { campaignProgress, loadCampaign, type Store } from '@campaign-manager/core/store';
import { type Mailbox, startMailbox } from '@campaign-manager/local-stack';
import {
  createTestSystem,
  dropDatabase,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { draftCampaign, launch } from './support/campaign.js';
import { oneMessage, people } from './support/one-message.js';
import { migratedStore } from './support/store.js';

const RECIPIENTS = 1200;

const recipients = people(RECIPIENTS);

describe('the high-volume settings of the configuration guide', () => {
  const database = testDatabaseName('high_volume');
  let mailbox: Mailbox;
  let store: Store;

  beforeAll(async () => {
    mailbox = await startMailbox();
    store = await migratedStore(database);
  }, 60_000);

  afterAll(async () => {
    await mailbox.stop();
    await store.close();
    await dropDatabase(database);
  }, 60_000);

  it('as docs/scaling.md has them, take a campaign through: each message once, counters whole, observations sampled', async () => {
    const settings = await settingsOfGuide();
    expect(Object.keys(settings)).toHaveLength(6);
    const system = createTestSystem({
      mongodbUri: testMongoUri(),
      database,
      redisUrl: testRedisUrl(),
      redisPrefix: testRedisPrefix('high_volume'),
      env: { ...settings, SMTP_URL: mailbox.uri, SMTP_TIMEOUT_SECONDS: '30' },
    });
    const [worker, scheduler] = await Promise.all([system.startWorker(), system.startScheduler()]);
    const served = await worker.waitForLine(/Health and metrics are served/);

    await launch(store, oneMessage, draftCampaign('big', oneMessage), recipients, 1);
    await until(async () => (await loadCampaign(store, 'big')).status === 'completed', {
      timeoutMs: 150_000,
      describe: 'the campaign to be completed',
    });

    expect((await campaignProgress(store, 'big', new Date())).by_result).toEqual({ success: RECIPIENTS });
    expect(new Set(mailbox.messages().map(({ to }) => to)).size).toBe(RECIPIENTS);
    expect(mailbox.messages()).toHaveLength(RECIPIENTS);
    const metrics = await (await fetch(`http://127.0.0.1:${JSON.parse(served).port}/metrics`)).text();
    expect(metrics).toContain(`communication_messages_total{channel="email",outcome="sent"} ${RECIPIENTS}`);
    const observed = Number(/communication_stage_duration_seconds_count\{.*\} (\d+)/.exec(metrics)?.[1]);
    expect(observed).toBeGreaterThan(0);
    expect(observed).toBeLessThan(RECIPIENTS / 4);
    await Promise.all([worker.stop(), scheduler.stop()]);
  }, 240_000);
});

/** The YAML block that begins with the guide's comment, as an environment. */
async function settingsOfGuide(): Promise<Record<string, string>> {
  const page = await readFile(join(__dirname, '..', 'docs', 'scaling.md'), 'utf8');
  const [, block = ''] = /```yaml\n(# High-volume campaign processing\n[^`]*)```/.exec(page) ?? [];
  return Object.fromEntries(
    [...block.matchAll(/^([A-Z_]+): (\S+)/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}
