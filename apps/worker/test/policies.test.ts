import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MessageDocument } from '@campaign-manager/core/models';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { connectStore, migrate, type Store } from '@campaign-manager/core/store';
import { initializeJob } from '@campaign-manager/queues';
import { createLogger, createMetrics, loadConfig } from '@campaign-manager/runtime';
import {
  dropDatabase,
  dropKeys,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { draftCampaign, launch } from '../../../tests/support/campaign.js';
import { type RunningWorker, startWorker } from '../src/start-worker.js';

const template: CampaignTemplate = {
  _id: 'hello',
  name: 'Hello',
  type: 'sales',
  stages: { hello: { messages: [{ template: 'Hello.' }], progression_rules: { response_required: true } } },
};
const KEY = 'c/user_1/hello/1/0/0';

/** Reads every request, and answers the first with silence: the connection is closed. */
const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    requests.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    if (requests.length === 1) response.socket?.destroy();
    else response.writeHead(204).end();
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

let store: Store;
let worker: RunningWorker;
let close: () => Promise<void> = async () => undefined;
beforeEach(() => {
  requests.length = 0;
});
afterEach(() => close());

/** A worker as it runs, with these settings, and a campaign of one message by webhook. */
async function send(env: Readonly<Record<string, string>>): Promise<void> {
  const database = testDatabaseName('policies');
  const prefix = testRedisPrefix('policies');
  const { port } = server.address() as AddressInfo;
  const config = loadConfig({
    MONGODB_URI: testMongoUri(),
    MONGODB_DATABASE: database,
    REDIS_URL: testRedisUrl(),
    REDIS_PREFIX: prefix,
    CAMPAIGN_RETRY_DELAY_SECONDS: '0.05',
    WEBHOOK_URL: `http://127.0.0.1:${port}/hook`,
    WEBHOOK_SECRET: 'whsec_dGhpcyBpcyBhIHRlc3Qgc2VjcmV0',
    WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true',
    ...env,
  });
  store = await connectStore({ uri: testMongoUri(), database, poolSize: 2, maxIdleMs: 0, appName: 'policies' });
  await migrate(store);
  await launch(store, template, draftCampaign('c', template, { channel: 'webhook' }), [{ _id: 'user_1' }], 1);
  worker = await startWorker(
    config,
    createLogger(config, { app: 'worker', stream: { write: () => undefined } }),
    createMetrics(config),
  );
  close = async () => {
    await worker.stop();
    await store.close();
    await dropKeys(prefix);
    await dropDatabase(database);
  };
  await worker.context.producers.add('campaigns', [initializeJob('c', '')]);
}

const row = () => store.messages.findById(KEY).lean<MessageDocument>();

it('by default a webhook that was met with silence is posted again under the same Idempotency-Key', async () => {
  await send({});
  await until(async () => (await row())?.status === 'sent', { describe: 'the second attempt was accepted' });

  expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual([KEY, KEY]);
  expect(await row()).toMatchObject({ policy: 'at_least_once', attempt: 2 });
});

it('WEBHOOK_DELIVERY_POLICY=at_most_once leaves it unknown for an operator, and posts it no more', async () => {
  await send({ WEBHOOK_DELIVERY_POLICY: 'at_most_once' });
  await until(async () => (await row())?.status === 'unknown', { describe: 'it is unknown' });

  expect(requests).toHaveLength(1);
  expect(await row()).toMatchObject({ policy: 'at_most_once', attempt: 1 });
  expect(await row()).not.toHaveProperty('due_at');
});

it('WEBHOOK_IDEMPOTENCY_HEADER names the header that holds the key, at every attempt', async () => {
  await send({ WEBHOOK_IDEMPOTENCY_HEADER: 'X-Request-Id' });
  await until(async () => (await row())?.status === 'sent', { describe: 'the second attempt was accepted' });

  expect(requests.map(({ headers }) => [headers['x-request-id'], headers['idempotency-key']])).toEqual([
    [KEY, undefined],
    [KEY, undefined],
  ]);
});
