import {
  dropKeys,
  startTcpProxy,
  type TcpProxy,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { consume, createProducers, ensureConnected, producerConnection, workerConnection } from '../src/index.js';

const prefix = testRedisPrefix('silent_redis');
const closing: (() => unknown)[] = [];
let proxy: TcpProxy;

beforeAll(async () => {
  proxy = await startTcpProxy(testRedisUrl());
});

afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await proxy.close();
  await dropKeys(prefix);
});

it('producers and consumers go on when the machine of their Redis is gone without a word, and another takes its place', async () => {
  const redis = producerConnection(proxy.uri);
  closing.push(() => redis.disconnect());
  await ensureConnected(redis);
  const producers = createProducers(redis, prefix);
  const taken: string[] = [];
  const connection = workerConnection(proxy.uri);
  connection.on('error', () => undefined);
  const consumer = consume(
    'conversations',
    { 'advance-batch': async ({ payload }) => void taken.push(payload.campaign_id), advance: async () => {} },
    { connection, prefix, concurrency: 1, retryDelayMs: 100, onError: () => undefined },
  );
  closing.push(() => consumer.close());
  const add = (campaign_id: string) =>
    producers.add('conversations', [{ name: 'advance-batch', payload: { campaign_id, conversation_ids: [] } }]);
  await add('before');
  await until(() => taken.includes('before'), { describe: 'a job to be taken' });

  proxy.strand();
  closing.push(() => proxy.cut());

  let added = 0;
  const adding = setInterval(
    () =>
      add('after').then(
        () => added++,
        () => undefined,
      ),
    500,
  );
  closing.push(() => clearInterval(adding));
  await until(() => added > 0, { describe: 'a job to be added', timeoutMs: 30_000 });
  await until(() => taken.includes('after'), { describe: 'a job to be taken again', timeoutMs: 30_000 });
}, 150_000);
