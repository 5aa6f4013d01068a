import { until } from '@campaign-manager/testkit';
import { Worker } from 'bullmq';
import { closeJob, consume } from '../src/index.js';
import { openTestQueues, type TestQueues } from './support/queues.js';

let test: TestQueues;

beforeEach(async () => {
  test = await openTestQueues('held-ids');
});

afterEach(() => test.close());

const add = () => test.producers.add('campaigns', [closeJob('c')]);
const state = () => test.producers.queues.campaigns.getJobState('close-c');

it('a job with an id of ours whose workers died twice is gone, and can be added again', async () => {
  await add();
  const connection = test.connection();
  const dying = new Worker('campaigns', undefined, {
    connection,
    prefix: test.prefix,
    autorun: false,
    lockDuration: 50,
    stalledInterval: 50,
  });
  test.defer(async () => {
    await dying.close(true);
    connection.disconnect();
  });
  await dying.startStalledCheckTimer();
  for (const death of ['first', 'second']) {
    const takes = async () => (await dying.getNextJob(`token of the ${death}`, { block: false })) !== undefined;
    await until(takes, { describe: `a worker to take the job for the ${death} time, and to die` });
  }
  await until(async () => (await state()) === 'waiting', { describe: 'the job to be taken from the dead' });

  const closed: boolean[] = [];
  const errors: Error[] = [];
  const close = async (job: { readonly redelivered: boolean }) => void closed.push(job.redelivered);
  const options = {
    prefix: test.prefix,
    concurrency: 1,
    retryDelayMs: 50,
    onError: (error: Error) => errors.push(error),
  };
  test.keep(consume('campaigns', { close, initialize: async () => {} }, { ...options, connection: test.connection() }));
  await until(async () => (await state()) === 'unknown', { describe: 'the job to be given up' });
  expect(closed).toEqual([]);
  expect(errors.length).toBeGreaterThan(0);

  await add();

  await until(() => closed.length === 1, { describe: 'the job to be done' });
  expect(closed).toEqual([false]);
});
