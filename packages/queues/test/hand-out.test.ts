import { startRedis } from '@campaign-manager/local-stack';
import { until } from '@campaign-manager/testkit';
import { consume, type DueItem, finished, handOut, handOutAgain, outstanding } from '../src/index.js';
import { openTestQueues, type TestQueues } from './support/queues.js';

let test: TestQueues;

beforeEach(async () => {
  test = await openTestQueues('hand-out');
});

afterEach(() => test.close());

const items = (count: number, more: Partial<DueItem> = {}): DueItem[] =>
  Array.from({ length: count }, (_, i) => ({ id: `c/r${i}`, version: 1, dueAt: 900, ...more }));

const options = (more: object = {}) => ({
  campaignId: 'c',
  batchSize: 10,
  intervalMs: 60_000,
  now: 1000,
  prefix: test.prefix,
  ...more,
});

/** Every conversation in every job of the queue, waiting or delayed. */
async function handedOut(): Promise<string[]> {
  const jobs = await test.producers.queues.conversations.getJobs(['delayed', 'prioritized']);
  return jobs.flatMap((job) => job.data.conversation_ids as string[]).sort();
}

describe('a conversation', () => {
  it('is handed out once, by two schedulers at once and by the next poll', async () => {
    const other = await test.produce();
    const due = items(1500);

    const [a, b] = await Promise.all([
      handOut(test.producers, due, options({ batchSize: 100 })),
      handOut(other, due, options({ batchSize: 100 })),
    ]);
    const next = await handOut(other, due, options({ now: 1500 }));

    expect(a.handedOut + b.handedOut).toBe(1500);
    expect(next).toEqual({ handedOut: 0, ids: [], jobIds: [] });
    expect(await handedOut()).toEqual(due.map(({ id }) => id).sort());
  });

  it.each([
    ['it changed', { version: 2 }],
    ['its time changed', { dueAt: 950 }],
  ] as const)('is handed out again when %s', async (_, more) => {
    await handOut(test.producers, items(3), options());
    expect((await handOut(test.producers, items(3, more), options())).handedOut).toBe(3);
  });

  it('is handed out again one interval after it was due, if it still is as it was', async () => {
    await handOut(test.producers, items(3), options({ intervalMs: 100 }));
    expect((await handOut(test.producers, items(3), options({ intervalMs: 100 }))).handedOut).toBe(0);

    const again = await until(
      async () => (await handOut(test.producers, items(3), options({ intervalMs: 100 }))).handedOut,
      {
        describe: 'the marks are gone',
      },
    );
    expect(again).toBe(3);
  });

  it.each([
    ['overdue', 900, 60_000],
    ['due in a while', 31_000, 90_000],
  ])('that is %s is marked until one interval after', async (_, dueAt, livesMs) => {
    await handOut(test.producers, items(1, { dueAt }), options());

    const left = await test.producers.redis.pttl(`${test.prefix}:mark:c/r0:1:${dueAt}`);
    expect(left).toBeGreaterThan(livesMs - 5000);
    expect(left).toBeLessThanOrEqual(livesMs);
  });
});

describe('a conversation whose job is spent', () => {
  it('is handed out again although its mark stands, once for all who want it', async () => {
    await handOut(test.producers, items(4), options());
    await test.producers.queues.conversations.drain();

    await Promise.all(
      Array.from({ length: 10 }, () => handOutAgain(test.producers, items(4, { dueAt: 6000 }), options())),
    );

    expect(await handedOut()).toEqual(items(4).map(({ id }) => id));
    expect(await test.producers.queues.conversations.getDelayedCount()).toBe(1);
  });

  it('can be handed out once more when that job runs', async () => {
    await handOutAgain(test.producers, items(1, { dueAt: 1300 }), options({ intervalMs: 1000 }));

    const left = await test.producers.redis.pttl(`${test.prefix}:again:c/r0:1`);
    const [delayed] = await test.producers.queues.conversations.getDelayed();
    expect(left).toBeLessThan(delayed?.delay ?? 0);
  });
});

it('no more than the limit is handed out, and the rest is left to the next poll', async () => {
  await handOut(test.producers, items(5), options());

  const first = await handOut(test.producers, items(30), options({ limit: 7 }));
  expect(first.handedOut).toBe(7);
  expect(await handedOut()).toEqual(
    items(12)
      .map(({ id }) => id)
      .sort(),
  );

  expect((await handOut(test.producers, items(30), options({ limit: 100 }))).handedOut).toBe(18);
  expect(await handOut(test.producers, items(40), options({ limit: 0 }))).toEqual({
    handedOut: 0,
    ids: [],
    jobIds: [],
  });
});

it('jobs have the batch size and run when their slice ends', async () => {
  await handOut(test.producers, [...items(25), { id: 'c/later', version: 1, dueAt: 5300 }], options());

  const waiting = await test.producers.queues.conversations.getPrioritized();
  const delayed = await test.producers.queues.conversations.getDelayed();
  expect(waiting.map(({ data }) => data.conversation_ids.length).sort()).toEqual([10, 10, 5]);
  expect(delayed.map(({ delay, data }) => [delay, data])).toEqual([
    [5000, { campaign_id: 'c', conversation_ids: ['c/later'] }],
  ]);
});

it('what an emptied Redis has forgotten is handed out again', async () => {
  const service = await startRedis();
  test.defer(service.stop);
  const own = await openTestQueues('flush', service.uri);
  test.defer(own.close);
  const emptied = { ...options(), prefix: own.prefix };
  await handOut(own.producers, items(20), emptied);
  expect((await handOut(own.producers, items(20), emptied)).handedOut).toBe(0);

  await own.producers.redis.flushall();

  expect(await outstanding(own.producers, own.prefix, 'c', 1)).toBe(0);
  expect((await handOut(own.producers, items(20), emptied)).handedOut).toBe(20);
  expect(await own.producers.queues.conversations.getPrioritizedCount()).toBe(2);
});

describe('the batches of a campaign that wait or run', () => {
  it('are counted, per campaign, until they are finished', async () => {
    const { jobIds } = await handOut(test.producers, items(30), options());
    await handOut(test.producers, items(30), options({ campaignId: 'c:2' }));
    await handOut(test.producers, items(10, { version: 2 }), options({ campaignId: 'c:2' }));

    expect(await outstanding(test.producers, test.prefix, 'c', 100)).toBe(3);
    await finished(test.producers.redis, test.prefix, 'c', jobIds[0] ?? '');
    expect(await outstanding(test.producers, test.prefix, 'c', 2)).toBe(2);
    expect(await outstanding(test.producers, test.prefix, 'c:2', 1)).toBe(1);
  });

  it('are forgotten when their jobs are gone, as soon as the quota asks', async () => {
    await handOut(test.producers, items(30), options());
    await test.producers.queues.conversations.obliterate();

    expect(await outstanding(test.producers, test.prefix, 'c', 4)).toBe(3);
    expect(await outstanding(test.producers, test.prefix, 'c', 3)).toBe(0);
    expect(await outstanding(test.producers, test.prefix, 'c', 4)).toBe(0);
  });

  it('are forgotten when a worker finished them without saying so', async () => {
    await handOut(test.producers, items(30), options());
    test.keep(
      consume(
        'conversations',
        { 'advance-batch': async () => {}, advance: async () => {} },
        { connection: test.connection(), prefix: test.prefix, concurrency: 3, retryDelayMs: 10, onError: () => {} },
      ),
    );

    await until(async () => (await outstanding(test.producers, test.prefix, 'c', 3)) === 0, {
      describe: 'the quota healed',
    });
  });
});
