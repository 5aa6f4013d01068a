import { testRedisUrl, until } from '@campaign-manager/testkit';
import { Redis } from 'ioredis';
import { consume, queueDepths, timeCommands } from '../src/index.js';
import { openTestQueues, type TestQueues } from './support/queues.js';

let queues: TestQueues;

beforeEach(async () => {
  queues = await openTestQueues('metrics');
});

afterEach(() => queues.close());

async function depthOf(queue: string) {
  const depths = await queueDepths(queues.producers);
  return Object.fromEntries(depths.filter((one) => one.queue === queue).map(({ state, jobs }) => [state, jobs]));
}

describe('the depth of a queue', () => {
  it('counts jobs that wait, with a priority or without, and those that are delayed', async () => {
    const payload = { campaign_id: 'c', conversation_ids: ['c/p'] };
    await queues.producers.add('conversations', [
      { name: 'advance', payload: { conversation_id: 'c/p' } },
      { name: 'advance-batch', payload, priority: 7 },
      { name: 'advance-batch', payload, priority: 7, delayMs: 60_000 },
    ]);
    expect(await depthOf('conversations')).toEqual({ waiting: 2, delayed: 1, active: 0, failed: 0 });
    expect(await depthOf('messages')).toEqual({ waiting: 0, delayed: 0, active: 0, failed: 0 });
  });

  it('counts jobs that a worker has, and those that waited for another try in vain', async () => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    queues.keep(
      consume(
        'notifications',
        {
          escalate: async () => {
            await held;
            throw new Error('nobody is there');
          },
        },
        { connection: queues.connection(), prefix: queues.prefix, concurrency: 1, retryDelayMs: 1, onError: () => {} },
      ),
    );
    await queues.producers.add('notifications', [{ name: 'escalate', payload: { escalation_id: 'e' } }]);
    await until(async () => (await depthOf('notifications'))['active'] === 1, { describe: 'the job to be taken' });
    goOn();
    await until(async () => (await depthOf('notifications'))['failed'] === 1, { describe: 'the job to have failed' });
  });
});

describe('commands of Redis', () => {
  it('are told by name, with the time they took and whether they failed', async () => {
    const told: [command: string, failed: boolean][] = [];
    const stop = timeCommands((command, _seconds, failed) => told.push([command, failed]));
    const redis = new Redis(testRedisUrl());
    try {
      await redis.set(`${queues.prefix}:text`, 'x');
      await redis.pipeline().get(`${queues.prefix}:text`).exec();
      await expect(redis.incr(`${queues.prefix}:text`)).rejects.toThrow();
      expect(told).toEqual(
        expect.arrayContaining([
          ['set', false],
          ['get', false],
          ['incr', true],
        ]),
      );
    } finally {
      stop();
      redis.disconnect();
    }
  });

  it('that wait until there is something to do are not told', async () => {
    const told: string[] = [];
    const stop = timeCommands((command) => told.push(command));
    const redis = new Redis(testRedisUrl());
    try {
      expect(await redis.bzpopmin(`${queues.prefix}:none`, 0.05)).toBeNull();
      await redis.ping();
      expect(told).toContain('ping');
      expect(told).not.toContain('bzpopmin');
    } finally {
      stop();
      redis.disconnect();
    }
  });
});
