import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { newConversation, prepareConversations } from '../prepare/conversations.js';
import { insertPages } from '../prepare/insert-pages.js';
import { prepareRecipients } from '../prepare/recipients.js';
import type { Bench, SeriesCase } from '../run.js';
import { startSystem } from '../system.js';
import { forgetSteps, measureSteps, warmUpSteps } from './measure-steps.js';

const DAY_MS = 24 * 3_600_000;
const MONTH_MS = 30 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;
const WARM_UP = 1000;
const POLLS = 3;

/**
 * What a step costs, and what Redis holds, beside conversations that wait for the far future. The same number is due
 * at every point, 1 % of the most: 1 % of the fewest would be over before it could be measured.
 */
export const growth: SeriesCase = {
  kind: 'series',
  name: 'growth',
  unit: 'conversations',
  what: 'as step, in a campaign with many other conversations that are due in a month to thirteen',
  pointUnit: 'conversations stored',
  points: { full: [10_000, 100_000, 1_000_000], quick: [10_000, 100_000] },
  size: { full: 10_000, quick: 2000 },
  repeat: { full: 3, quick: 1 },
  async prepare({ store }, stored) {
    const from = (await store.serverTime()) + MONTH_MS;
    const gap = YEAR_MS / stored;
    await insertPages(store.conversations, { from: 0, count: stored }, (n) =>
      newConversation('bench', `later_${String(n).padStart(7, '0')}`, Math.round(from + n * gap)),
    );
  },
  async run(bench, _stored, size) {
    const { store } = bench;
    const now = await store.serverTime();
    await prepareRecipients(store, { from: 0, count: size });
    await prepareConversations(store, 'bench', { from: 0, count: size }, () => now);
    await writeOut(bench);
    const bytesBefore = await redisBytes(bench);
    const system = await startSystem(bench, ['worker', 'scheduler']);
    try {
      await warmUpSteps(bench, system, Math.min(WARM_UP, size));
      const run = await measureSteps(bench, system, size);
      await delay(POLLS * bench.settings.pollingIntervalMs); // what is left in Redis after so many polls is the question
      const bytesAfter = await redisBytes(bench);
      return { ...run, more: { redis_bytes: bytesAfter, redis_bytes_added: bytesAfter - bytesBefore } };
    } finally {
      await system.stop();
      await forgetSteps(bench, size);
      await store.recipients.collection.deleteMany({});
    }
  },
};

/** What preparing has left for MongoDB to write would else be counted as the step's. */
async function writeOut({ store }: Bench): Promise<void> {
  await store.connection.getClient().db('admin').command({ fsync: 1 });
}

async function redisBytes({ redis }: Bench): Promise<number> {
  const client = new Redis(redis.uri);
  try {
    const [, bytes] = /used_memory:(\d+)/.exec(await client.info('memory')) ?? [];
    return Number(bytes);
  } finally {
    client.disconnect();
  }
}
