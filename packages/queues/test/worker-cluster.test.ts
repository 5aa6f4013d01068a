import { type RedisCluster, startRedisCluster } from '@campaign-manager/local-stack';
import { until } from '@campaign-manager/testkit';
import type { Cluster } from 'ioredis';
import {
  consume,
  createProducers,
  ensureConnected,
  type Producers,
  producerConnection,
  workerConnection,
} from '../src/index.js';
import { commandOf } from './support/command-of.js';

const TAG = '{campaign}';
/** Without the protections, about one in three takes no further job when its master is killed. */
const CONSUMERS = 20;
const FEED_EVERY_MS = 300;
/** Keeps a server for half a second. */
const BUSY = 'local from = os.clock() while os.clock() - from < 0.5 do end';

const closing: (() => unknown)[] = [];
let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await startRedisCluster();
}, 60_000);

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

afterAll(() => cluster.stop(), 60_000);

it('a connection that begins while a slot has no master comes to the end of that, and works when it has one', async () => {
  const [first = ''] = cluster.uris;
  await Promise.all(cluster.uris.map((uri) => commandOf(uri, 'CLUSTER', 'DELSLOTS', '0')));
  await until(async () => /cluster_state:fail/.test(String(await commandOf(first, 'CLUSTER', 'INFO'))), {
    describe: 'the slot to be missed',
  });

  const redis = connection(workerConnection);
  let over = false;
  const noteIt = () => {
    over = true;
  };
  redis.connect().then(noteIt, noteIt);
  await until(() => ['ready', 'reconnecting'].includes(redis.status), { describe: 'a first look at the cluster' });

  await commandOf(first, 'CLUSTER', 'ADDSLOTS', '0');
  await until(() => over, { describe: 'the end of connect' });
  expect(await until(() => redis.set(`${TAG}:x`, '1'), { describe: 'the cluster to answer' })).toBe('OK');
}, 60_000);

it('a connection tells its end although a late answer names a node that it has left', async () => {
  const key = '{moved}:x';
  const redis = connection(workerConnection);
  expect(await redis.get(key)).toBeNull();
  await Promise.all(redis.nodes().map((node) => node.ping()));
  const former = await moveSlotOf(key);
  const others = redis.nodes().filter(({ options }) => options.port !== former);

  for (const other of others) other.eval(BUSY, 0).catch(() => undefined); // they say good-bye after the answer
  const late = redis.get(key).catch(() => 'refused');
  let ended = false;
  redis.once('end', () => {
    ended = true;
  });
  redis.disconnect();

  await until(() => ended, { describe: 'the end of the connection' });
  expect(await late).toBe('refused');
}, 60_000);

it('every consumer goes on when the master of its slot is killed', async () => {
  const redis = connection(producerConnection);
  await until(() => ensureConnected(redis).then(() => true), { describe: 'the cluster to be whole' });
  const consumers = Array.from({ length: CONSUMERS }, (_, i) =>
    countingConsumer(createProducers(redis, `${TAG}:${i}`), `${TAG}:${i}`),
  );
  const feeding = setInterval(() => {
    for (const { addDelayed } of consumers) addDelayed().catch(() => undefined);
  }, FEED_EVERY_MS);
  closing.push(() => clearInterval(feeding));
  await until(() => consumers.every(({ taken }) => taken() > 0), { describe: 'every consumer to take jobs' });

  await cluster.killMasterOf(TAG);

  const before = consumers.map(({ taken }) => taken());
  await until(() => consumers.every(({ taken }, i) => taken() > (before[i] ?? 0) + 5), {
    describe: 'every consumer to take further jobs',
    timeoutMs: 30_000,
  });
}, 180_000);

function connection(connect: typeof workerConnection) {
  const redis = connect(cluster.uri, true) as Cluster;
  redis.on('error', () => undefined);
  closing.push(() => redis.disconnect());
  return redis;
}

/** Its jobs are due in a moment: it waits for a short while, again and again, also while its master is lost. */
function countingConsumer(producers: Producers, prefix: string) {
  let taken = 0;
  const consumer = consume(
    'conversations',
    { 'advance-batch': async () => void taken++, advance: async () => {} },
    {
      connection: connection(workerConnection),
      prefix,
      concurrency: 2,
      retryDelayMs: 100,
      onError: () => undefined,
    },
  );
  closing.push(() => consumer.close());
  const payload = { campaign_id: 'c', conversation_ids: [] };
  return {
    taken: () => taken,
    addDelayed: () =>
      producers.add('conversations', [{ name: 'advance-batch', payload, delayMs: 200 + Math.random() * 800 }]),
  };
}

/** Gives the slot of this key, which is empty, to another master; answers the port of the former one. */
async function moveSlotOf(key: string): Promise<number | undefined> {
  const { uris } = cluster;
  const [any = ''] = uris;
  const slot = Number(await commandOf(any, 'CLUSTER', 'KEYSLOT', key));
  const ranges = (await commandOf(any, 'CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
  const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1];
  const from = uris.find((uri) => new URL(uri).port === String(port)) ?? '';
  const to = uris.slice(0, 3).find((uri) => uri !== from) ?? '';
  const id = String(await commandOf(to, 'CLUSTER', 'MYID'));
  for (const uri of [to, from]) await commandOf(uri, 'CLUSTER', 'SETSLOT', String(slot), 'NODE', id);
  return port;
}
