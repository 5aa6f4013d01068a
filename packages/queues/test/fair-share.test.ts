import { until } from '@campaign-manager/testkit';
import { consume, type DueItem, finished, handOut, handOutAgain } from '../src/index.js';
import { openTestQueues, type TestQueues } from './support/queues.js';

let test: TestQueues;

beforeEach(async () => {
  test = await openTestQueues('fair-share');
});

afterEach(() => test.close());

const items = (campaign: string, count: number, dueAt = 900): DueItem[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${campaign}/r${i}-${dueAt}`, version: 1, dueAt }));

const options = (campaignId: string, more: object = {}) => ({
  campaignId,
  batchSize: 1,
  intervalMs: 60_000,
  now: 1000,
  prefix: test.prefix,
  ...more,
});

/** The campaigns of the batches in the order in which one worker takes them. */
async function taken(count: number): Promise<string[]> {
  const order: string[] = [];
  const note = async (campaign: string) => void order.push(campaign);
  const consumer = test.keep(
    consume(
      'conversations',
      {
        'advance-batch': ({ payload }) => note(payload.campaign_id),
        advance: ({ payload }) => note(payload.conversation_id),
      },
      {
        connection: test.connection(),
        prefix: test.prefix,
        concurrency: 1,
        retryDelayMs: 10,
        onError: (error) => {
          throw error;
        },
      },
    ),
  );
  await until(() => order.length >= count, { describe: 'every batch is taken' });
  await consumer.pause();
  return order;
}

it('the batch of a small campaign is taken among the first, although fifty of a huge one came before it', async () => {
  await handOut(test.producers, items('huge', 50), options('huge'));
  await handOut(test.producers, items('small', 1), options('small'));

  expect((await taken(51)).indexOf('small')).toBeLessThanOrEqual(2);
});

it('two campaigns alternate, also where two schedulers hand them out bit by bit', async () => {
  const other = await test.produce();
  for (let i = 0; i < 20; i += 10) {
    await handOut(test.producers, items('a', 10, 900 - i), options('a'));
    await handOut(other, items('a', 10, 800 - i), options('a'));
  }
  await handOut(other, items('b', 40), options('b'));

  const order = await taken(80);
  for (let start = 0; start < 80; start += 4) {
    expect(order.slice(start, start + 4).sort()).toEqual(['a', 'a', 'b', 'b']);
  }
});

it('a campaign of high priority gets four batches for one of low priority', async () => {
  await handOut(test.producers, items('low', 10), options('low', { weight: 1 }));
  await handOut(test.producers, items('high', 40), options('high', { weight: 4 }));

  const first = (await taken(50)).slice(0, 25);
  expect(first.filter((campaign) => campaign === 'low')).toHaveLength(5);
});

it('a batch that waited for its time has kept its place, and one handed out again has a place as well', async () => {
  await handOut(test.producers, items('huge', 10), options('huge'));
  await handOut(test.producers, items('huge', 1, 1100), options('huge')); // due in 100 ms
  await handOutAgain(test.producers, items('huge', 1, 700), options('huge'));
  const { conversations } = test.producers.queues;
  await until(async () => (await conversations.getJobs(['delayed', 'prioritized'])).length === 12, {
    describe: 'all twelve are there',
  });

  const jobs = await conversations.getJobs(['delayed', 'prioritized']);
  const priorityOf = (id: string) =>
    jobs.find(({ data }) => data.conversation_ids.includes(id))?.opts.priority ?? Number.NaN;
  expect([priorityOf('huge/r0-1100'), priorityOf('huge/r0-700')]).toEqual([6, 6]);
});

it('what a worker has finished makes room further ahead', async () => {
  const { jobIds } = await handOut(test.producers, items('a', 8), options('a'));
  for (const id of jobIds) await finished(test.producers.redis, test.prefix, 'a', id);
  await handOut(test.producers, items('a', 1, 800), options('a'));

  const jobs = await test.producers.queues.conversations.getPrioritized();
  expect(jobs.find(({ data }) => data.conversation_ids.includes('a/r0-800'))?.opts.priority).toBe(1);
});

it('a reply is looked at before every batch that waits', async () => {
  await handOut(test.producers, items('huge', 5), options('huge'));
  await test.producers.add('conversations', [{ name: 'advance', payload: { conversation_id: 'huge/ann' } }]);

  expect((await taken(6))[0]).toBe('huge/ann');
});
