import { createProducers, type DueItem, handOut, producerConnection, type RedisClient } from '@campaign-manager/queues';
import type { Run, SeriesCase } from '../run.js';
import { untilTrue } from '../until.js';
import { cpuBetween, usage } from '../usage.js';

/** Characters of `<campaign>/<recipient>`: two counters, the ids of the document's examples, two UUIDs. */
const ID_LENGTHS = [16, 42, 73];
/** The default of `CAMPAIGN_POLLING_INTERVAL_SECONDS`, over which what is handed out falls due. */
const INTERVAL_MS = 60_000;
/** Conversations that the scheduler reads, marks and hands out at once. */
const PAGE = 1000;
const FREED_WITHIN_MS = 60_000;

/** What one conversation in the horizon costs Redis: its mark, and its share of a batch that waits for its time. */
export const redisSize: SeriesCase = {
  kind: 'series',
  name: 'scale-redis',
  unit: 'conversations',
  what: 'bytes of Redis for each conversation handed out, and of it its mark, by the length of its id; hand-outs a second',
  pointUnit: 'conversations in a batch at most',
  points: { full: [10, 100, 500], quick: [10, 100] },
  size: { full: 100_000, quick: 10_000 },
  repeat: { full: 1, quick: 1 },
  async run(bench, batchSize, size) {
    const redis = producerConnection(bench.redis.uri);
    await redis.connect();
    const producers = createProducers(redis, bench.prefix);
    try {
      const more: Record<string, number> = {};
      const before = await usage(bench, [process.pid]);
      let seconds = 0;
      for (const length of ID_LENGTHS) {
        const empty = await emptied(redis);
        seconds += await fill(length);
        more[`ids_of_${length}`] = Math.round(((await usedMemory(redis)) - empty) / size);
        more[`mark_of_${length}`] = await markSize(redis);
      }
      const after = await usage(bench, [process.pid]);
      const units = size * ID_LENGTHS.length;
      return { units, seconds, cpu: cpuBetween(before.cpu, after.cpu), bytes: after.bytes, more } satisfies Run;
    } finally {
      await producers.close();
    }

    async function fill(length: number): Promise<number> {
      const now = Date.now();
      const started = performance.now();
      for (let from = 0; from < size; from += PAGE) {
        const items = Array.from({ length: Math.min(PAGE, size - from) }, (_, i): DueItem => {
          const dueAt = now + INTERVAL_MS / 10 + Math.floor(((from + i) / size) * INTERVAL_MS);
          return { id: idOf(from + i, length), version: 1, dueAt };
        });
        const options = { campaignId: 'bench', batchSize, intervalMs: INTERVAL_MS, now, prefix: 'campaign' };
        await handOut(producers, items, options);
      }
      return (performance.now() - started) / 1000;
    }
  },
};

function idOf(n: number, length: number): string {
  return `bench/${String(n).padStart(length - 'bench/'.length, '0')}`;
}

/** The memory of a Redis that has forgotten everything, once it has given back what that took. */
async function emptied(redis: RedisClient): Promise<number> {
  await redis.flushall('SYNC');
  const pending = async () => Number(/lazyfree_pending_objects:(\d+)/.exec(await redis.info('memory'))?.[1]);
  await untilTrue('Redis has freed what it forgot', async () => (await pending()) === 0, FREED_WITHIN_MS);
  return usedMemory(redis);
}

async function usedMemory(redis: RedisClient): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
}

/** Key, value, expiry and their places in Redis's tables, as it counts them itself. */
async function markSize(redis: RedisClient): Promise<number> {
  const [, [key = ''] = []] = await redis.scan(0, 'MATCH', '*:mark:*', 'COUNT', 1000);
  return Number(await redis.memory('USAGE', key));
}
