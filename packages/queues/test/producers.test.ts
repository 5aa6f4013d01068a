import { startRedis } from '@campaign-manager/local-stack';
import { until } from '@campaign-manager/testkit';
import { consume, jobIdPart, producerConnection, RETRIES, redisFault } from '../src/index.js';
import { openTestQueues, type TestQueues } from './support/queues.js';

let test: TestQueues;

beforeEach(async () => {
  test = await openTestQueues('producers');
});

afterEach(() => test.close());

const advance = (conversation_id: string) => ({ name: 'advance' as const, payload: { conversation_id } });

it('jobs are added with the attempts of their queue, and stay for a while when they are finished', async () => {
  const ids = await test.producers.add('conversations', [advance('c/a'), { ...advance('c/b'), delayMs: 5000.2 }]);
  expect(ids).toHaveLength(2);

  const [a, b] = await Promise.all(ids.map((id) => test.producers.queues.conversations.getJob(id)));
  expect(a?.data).toEqual({ conversation_id: 'c/a' });
  expect(a?.opts).toMatchObject({ attempts: RETRIES.conversations.attempts, backoff: { type: 'campaign' } });
  expect(a?.opts.removeOnFail).toEqual({ count: 1000 });
  expect(await b?.getState()).toBe('delayed');
  expect(b?.delay).toBe(5001);
});

it.each([0, -1, -1e9])('a job that is due since %i ms does not wait', async (delayMs) => {
  await test.producers.add('conversations', [{ ...advance('c/a'), delayMs }]);
  expect(await test.producers.queues.conversations.getWaitingCount()).toBe(1);
});

it('what is urgent is taken before all that wait, with and without a priority', async () => {
  const batch = (id: string) => ({
    name: 'advance-batch' as const,
    payload: { campaign_id: 'c', conversation_ids: [id] },
  });
  await test.producers.add('conversations', [batch('c/1'), { ...batch('c/2'), priority: 1 }]);
  await test.producers.add('conversations', [{ ...batch('c/3'), urgent: true }]);
  await test.producers.add('conversations', [batch('c/4')]);
  const taken: string[] = [];
  test.keep(
    consume(
      'conversations',
      {
        'advance-batch': async ({ payload }) => void taken.push(...payload.conversation_ids),
        advance: async () => {},
      },
      { connection: test.connection(), prefix: test.prefix, concurrency: 1, retryDelayMs: 1, onError: () => {} },
    ),
  );
  await until(() => taken.length === 4, { describe: 'all have run' });
  expect(taken).toEqual(['c/3', 'c/1', 'c/4', 'c/2']);
});

it('nothing to add is nothing to do', async () => {
  expect(await test.producers.add('messages', [])).toEqual([]);
});

describe('a job with an id', () => {
  const close = { name: 'close' as const, payload: { campaign_id: 'c' }, jobId: `close-${jobIdPart('c')}` };

  it('waits once, however often it is added', async () => {
    await Promise.all(Array.from({ length: 20 }, () => test.producers.add('campaigns', [close])));
    expect(await test.producers.queues.campaigns.getWaitingCount()).toBe(1);
  });

  it.each([
    ['finished', false],
    ['failed for good', true],
  ])('can be added again when it has %s', async (_, fails) => {
    let runs = 0;
    const run = async () => {
      runs += 1;
      if (fails) throw new Error('no');
    };
    test.keep(
      consume(
        'campaigns',
        { close: run, initialize: run },
        { connection: test.connection(), prefix: test.prefix, concurrency: 1, retryDelayMs: 1, onError: () => {} },
      ),
    );
    const attempts = fails ? RETRIES.campaigns.attempts : 1;
    for (const round of [1, 2]) {
      await test.producers.add('campaigns', [close]);
      await until(() => runs === round * attempts, { describe: `round ${round} is over` });
      await until(async () => (await test.producers.queues.campaigns.getJob(close.jobId)) === undefined, {
        describe: 'the id is free again',
      });
    }
  });

  it.each([
    ['every character that an id can have', 'aZ09_.:@+-/b'],
    ['digits only', '12345'],
    ['the longest key of a message', `${[...Array(3)].map(() => '@'.repeat(128)).join('/')}/10/20/30/r1`],
  ])('takes %s', async (_, id) => {
    const jobId = `retry-${jobIdPart(id)}-1`;
    expect(jobId).toMatch(/^[A-Za-z0-9_.%-]+$/);

    const [first] = await test.producers.add('messages', [{ name: 'retry', payload: { key: id }, jobId }]);
    await test.producers.add('messages', [{ name: 'retry', payload: { key: id }, jobId }]);

    expect(first).toBe(jobId);
    expect(await test.producers.queues.messages.getWaitingCount()).toBe(1);
    expect((await test.producers.queues.messages.getJob(jobId))?.data).toEqual({ key: id });
  });

  it('ids that differ stay different', () => {
    const ids = ['a:b', 'a%3Ab', 'a%b', 'a.b', 'a/b', 'a%2Fb'];
    expect(new Set(ids.map(jobIdPart)).size).toBe(ids.length);
  });
});

describe('while Redis is away', () => {
  it('a producer rejects, and works again when Redis is back', async () => {
    const service = await startRedis();
    test.defer(service.stop);
    const own = await openTestQueues('away', service.uri);
    test.defer(own.close);
    await own.producers.add('conversations', [advance('c/a')]);
    await service.stop();
    await until(() => own.producers.redis.status !== 'ready', { describe: 'the connection is lost' });

    await expect(own.producers.add('conversations', [advance('c/b')])).rejects.toThrow();

    const back = await startRedis({ port: Number(new URL(service.uri).port) });
    test.defer(back.stop);
    await until(() => own.producers.add('conversations', [advance('c/c')]), { describe: 'the producer works again' });
  });
});

describe('a Redis', () => {
  it.each([
    ['noeviction', null],
    ['allkeys-lru', "maxmemory-policy is 'allkeys-lru', it must be 'noeviction'"],
    ['volatile-ttl', "maxmemory-policy is 'volatile-ttl', it must be 'noeviction'"],
  ])('with the policy %s: %s', async (policy, fault) => {
    const service = await startRedis();
    test.defer(service.stop);
    const redis = producerConnection(service.uri);
    test.defer(async () => redis.disconnect());
    await redis.connect();
    await redis.config('SET', 'maxmemory-policy', policy);

    expect(await redisFault(redis)).toBe(fault);
  });
});
