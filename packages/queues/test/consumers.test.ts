import { until } from '@campaign-manager/testkit';
import { Worker } from 'bullmq';
import { type ConsumerOptions, consume, type Jobs, type JobToDo, UnknownJobError } from '../src/index.js';
import { openTestQueues, type TestQueues } from './support/queues.js';

let test: TestQueues;
let errors: { readonly error: Error; readonly job: string | undefined; readonly over: boolean | undefined }[];

beforeEach(async () => {
  test = await openTestQueues('consumers');
  errors = [];
});

afterEach(() => test.close());

const options = (more: Partial<ConsumerOptions> = {}): ConsumerOptions => ({
  connection: test.connection(),
  prefix: test.prefix,
  concurrency: 1,
  retryDelayMs: 50,
  onError: (error, _queue, job) => errors.push({ error, job: job?.name, over: job?.over }),
  ...more,
});

type Advance = JobToDo<Jobs['conversations']['advance']>;

function consumeAdvance(advance: (job: Advance) => Promise<void>, more: Partial<ConsumerOptions> = {}) {
  return test.keep(consume('conversations', { advance, 'advance-batch': async () => {} }, options(more)));
}

const job = (conversation_id = 'c/r') => ({ name: 'advance' as const, payload: { conversation_id } });

it('a job goes to the handler of its name, with its payload and its id', async () => {
  const seen: Advance[] = [];
  consumeAdvance(async (one) => void seen.push(one));
  const [id] = await test.producers.add('conversations', [job()]);

  await until(() => seen.length === 1, { describe: 'the job has run' });
  expect(seen).toEqual([{ payload: { conversation_id: 'c/r' }, id, redelivered: false }]);
});

it('a job that failed is shown as delayed, and is known to be handed out again', async () => {
  const seen: boolean[] = [];
  let fails = true;
  consumeAdvance(
    async ({ redelivered }) => {
      seen.push(redelivered);
      if (fails) throw new Error('not yet');
    },
    { retryDelayMs: 400 },
  );
  await test.producers.add('conversations', [job()]);

  const [delayed] = await until(
    async () => {
      const jobs = await test.producers.queues.conversations.getDelayed();
      return jobs.length > 0 ? jobs : null;
    },
    { describe: 'the job waits for its next attempt' },
  );
  expect(delayed?.attemptsMade).toBe(1);
  expect(errors.map(({ error, job }) => [error.message, job])).toEqual([['not yet', 'advance']]);
  fails = false;
  await until(() => seen.length === 2, { describe: 'the second attempt' });
  expect(seen).toEqual([false, true]);
});

it('a job whose worker died is known to be handed out again', async () => {
  await test.producers.add('conversations', [job()]);
  const connection = test.connection();
  const dead = new Worker('conversations', null, {
    connection,
    prefix: test.prefix,
    lockDuration: 50,
    stalledInterval: 50,
    autorun: false,
  });
  test.defer(async () => {
    await dead.close(true);
    connection.disconnect();
  });
  expect(await dead.getNextJob('token')).toBeDefined(); // and never does anything with it
  await dead.startStalledCheckTimer();
  await until(async () => (await test.producers.queues.conversations.getWaitingCount()) === 1, {
    describe: 'the job waits again',
  });
  await dead.close(true);

  const seen: boolean[] = [];
  consumeAdvance(async ({ redelivered }) => void seen.push(redelivered));

  await until(() => seen.length === 1, { describe: 'the job has run' });
  expect(seen).toEqual([true]);
});

it('a job that uses up its attempts is over with the last one, and one of a later version never is', async () => {
  consumeAdvance(async () => Promise.reject(new Error('never')), { retryDelayMs: 1 });
  const queue = test.producers.queues.conversations;
  await queue.add('advance', {}, { attempts: 3, backoff: { type: 'campaign' }, removeOnFail: true });
  await until(() => errors.length === 3, { describe: 'every attempt has failed' });
  expect(errors.map(({ over }) => over)).toEqual([false, false, true]);

  errors = [];
  await queue.add('from-the-future', {}, { attempts: 2 });
  await until(() => errors.length > 3, { describe: 'it is refused more often than its attempts' });
  expect(errors.filter(({ over }) => over)).toEqual([]);
});

it('a job of a later version fails here, and is kept for a worker that knows it', async () => {
  consumeAdvance(async () => {});
  await test.producers.queues.conversations.add('from-the-future', {}, { attempts: 3, backoff: { type: 'campaign' } });

  await until(() => errors.length > 0, { describe: 'the job is refused' });
  expect(errors[0]?.error).toBeInstanceOf(UnknownJobError);
  expect(errors[0]?.job).toBe('from-the-future');
});

it('a job of a later version waits, with all of its attempts, for a worker that knows it', async () => {
  const older = consumeAdvance(async () => {}, { retryDelayMs: 1 });
  await test.producers.queues.conversations.add('from-the-future', {}, { attempts: 2 });
  await until(() => errors.length > 5, { describe: 'the older worker has had it more often than its attempts' });
  await older.close();

  const seen: unknown[] = [];
  const handlers = { 'from-the-future': async (one: unknown) => void seen.push(one) };
  test.keep(consume('conversations', handlers as never, options()));
  await until(() => seen.length === 1, { describe: 'a worker that knows it has done it' });
  expect(await test.producers.queues.conversations.getFailedCount()).toBe(0);
});

it.each(['constructor', 'toString', '__proto__'])('a job named %s finds no handler', async (name) => {
  consumeAdvance(async () => {});
  await test.producers.queues.conversations.add(name, {});

  await until(() => errors.length > 0, { describe: 'the job is refused' });
  expect(errors[0]?.error).toBeInstanceOf(UnknownJobError);
});

it('no more jobs run at once than the dial says', async () => {
  let [running, most, done] = [0, 0, 0];
  consumeAdvance(
    async () => {
      running += 1;
      most = Math.max(most, running);
      await until(() => running === 3 || done > 0, { describe: 'three run at once' });
      done += 1;
      running -= 1;
    },
    { concurrency: 3 },
  );
  await test.producers.add(
    'conversations',
    Array.from({ length: 12 }, (_, i) => job(`c/${i}`)),
  );

  await until(() => done === 12, { describe: 'all have run' });
  expect(most).toBe(3);
});

it('closing waits for the job under way, takes no other, and gives the connection back', async () => {
  const connection = test.connection();
  let [started, finished] = [0, 0];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const consumer = consumeAdvance(
    async () => {
      started += 1;
      await held;
      finished += 1;
    },
    { connection },
  );
  await test.producers.add('conversations', [job('c/1'), job('c/2')]);
  await until(() => started === 1, { describe: 'the first job runs' });

  const closed = consumer.close();
  release();
  await closed;

  expect([started, finished]).toEqual([1, 1]);
  expect(await test.producers.queues.conversations.getWaitingCount()).toBe(1);
  await until(() => connection.status === 'end', { describe: 'the connection is closed' });
});

it('a paused consumer takes no more than what Redis is handing over already, until it is resumed', async () => {
  const runs: string[] = [];
  const consumer = consumeAdvance(async ({ payload }) => void runs.push(payload.conversation_id));
  await test.producers.add('conversations', [job('c/0')]);
  await until(() => runs.length === 1, { describe: 'it runs' });
  await consumer.pause();
  const { conversations, messages } = test.producers.queues;
  await test.producers.add(
    'conversations',
    [1, 2, 3, 4, 5].map((i) => job(`c/${i}`)),
  );
  test.keep(consume('messages', { retry: async () => {} }, options()));
  for (let i = 1; i <= 20; i += 1) {
    await test.producers.add('messages', [{ name: 'retry', payload: { key: `k${i}` } }]);
    await until(async () => (await messages.getCompletedCount()) === i, { describe: 'others go on' });
  }

  expect(await conversations.getWaitingCount()).toBeGreaterThanOrEqual(4);
  consumer.resume();
  await until(() => runs.length === 6, { describe: 'it goes on' });
});
