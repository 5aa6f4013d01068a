import { startRedis } from '@campaign-manager/local-stack';
import { createRateLimit } from '../src/index.js';
import { openTestQueues, type TestQueues } from './support/queues.js';

let test: TestQueues;

beforeEach(async () => {
  test = await openTestQueues('rate-limit');
});

afterEach(() => test.close());

const limitOf = (perSecond: number, name = 'email', producers = test.producers) =>
  createRateLimit(producers.redis, { prefix: test.prefix, name, perSecond });

/*
 * The limits here are slow, and nobody waits for a token: what is looked at is when it may be used. So a busy machine,
 * on which seconds pass between two calls, changes nothing that counts.
 */

/** When tokens may be used, in milliseconds by Redis's clock. */
async function usableAt(limit: ReturnType<typeof limitOf>, count = 1): Promise<number> {
  const [seconds, microseconds] = (await test.producers.redis.time()) as [number, number];
  const { granted, waitMs } = await limit.take(count, 1e9);
  expect(granted).toBe(true);
  return Number(seconds) * 1000 + Number(microseconds) / 1000 + waitMs;
}

describe('a limit', () => {
  it('is kept over any stretch of time by several processes that take at once', async () => {
    const [one, two] = [limitOf(0.5), limitOf(0.5, 'email', await test.produce())];
    const takes = Array.from({ length: 100 }, (_, i) => usableAt(i % 2 === 0 ? one : two, (i % 5) + 1));
    const times = (await Promise.all(takes)).flatMap((at, i) => Array.from({ length: (i % 5) + 1 }, () => at));

    for (const start of times) {
      for (const windowMs of [100_000, 300_000, 500_000]) {
        // The test reads the clock a little before the script does: hence the tolerance at the window's edge.
        const within = times.filter((at) => at >= start && at < start + windowMs - 20_000).length;
        expect(within).toBeLessThanOrEqual((0.5 * windowMs) / 1000 + one.largest);
      }
    }
  });

  it.each([
    [0.5, 1],
    [9, 1],
    [25, 2],
    [1000, 100],
  ])('of %d a second lets %i go together', (perSecond, largest) => {
    expect(limitOf(perSecond).largest).toBe(largest);
  });

  it('saves nothing up while nobody wants to send', async () => {
    const limit = limitOf(0.01);
    await limit.take(1, 0);
    const { waitMs } = await limit.take(1, 1e9);
    expect(waitMs).toBeGreaterThan(50_000);
    expect(waitMs).toBeLessThanOrEqual(100_000);
  });

  it('with decimals: one in four hundred seconds', async () => {
    const limit = limitOf(0.0025);
    const [first, second] = [await usableAt(limit), await usableAt(limit)];
    expect(second - first).toBeGreaterThan(380_000);
    expect(second - first).toBeLessThan(420_000);
  });

  it('grants nothing, and takes nothing, where the wait would be too long', async () => {
    const limit = limitOf(0.01);
    expect(await limit.take(5, 0)).toMatchObject({ granted: true });
    for (let i = 0; i < 3; i += 1) {
      const refused = await limit.take(1, 100_000);
      expect(refused.granted).toBe(false);
      expect(refused.waitMs).toBeGreaterThan(100_000);
      expect(refused.waitMs).toBeLessThanOrEqual(500_000);
    }
    expect(await limit.take(1, 500_000)).toMatchObject({ granted: true });
  });

  it('knows nothing of the limit of another name', async () => {
    await limitOf(1).take(60, 0);
    expect(await limitOf(1, 'webhook').take(1, 0)).toMatchObject({ granted: true });
  });
});

it('those who go without come back one after the other, each line for itself', async () => {
  const limit = limitOf(0.02);
  const first = await limit.queueUp('c1', 3, 1000);
  const second = await limit.queueUp('c1', 2, 1000);
  const other = await limit.queueUp('c2', 1, 1000);

  expect(first).toEqual([1000, 46_000, 91_000]);
  const gaps = [...first, ...second].slice(1).map((at, i) => at - ([...first, ...second][i] ?? 0));
  for (const gap of gaps) expect(Math.abs(gap - 45_000)).toBeLessThan(20_000); // Redis's clock went on between the calls
  expect(other).toEqual([1000]);
});

it('an emptied Redis begins anew, and one that is away gives no token', async () => {
  const service = await startRedis();
  test.defer(service.stop);
  const own = await openTestQueues('limit-flush', service.uri);
  test.defer(own.close);
  const limit = createRateLimit(own.producers.redis, { prefix: own.prefix, name: 'email', perSecond: 0.01 });
  await limit.take(60, 0);
  expect(await limit.take(1, 0)).toMatchObject({ granted: false });

  await own.producers.redis.flushall();
  expect(await limit.take(1, 0)).toEqual({ granted: true, waitMs: 0 });

  await service.stop();
  await expect(limit.take(1, 0)).rejects.toThrow();
});
