import { randomBytes } from 'node:crypto';
import { type Store, saveApiKey } from '@campaign-manager/core/store';
import { runFloor } from '../floors/run-floor.js';
import { runLoad } from '../load/run-load.js';
import { prepareWaitingForReply } from '../prepare/waiting-for-reply.js';
import type { Bench, PairCase, Run } from '../run.js';
import { repeated, startSystem } from '../system.js';
import { untilTrue } from '../until.js';
import { cpuBetween, usage } from '../usage.js';

const TIMEOUT_MS = 900_000;

/** One reply to each of the conversations of a running campaign, which it completes. */
export const reply: PairCase = {
  kind: 'pair',
  name: 'reply',
  unit: 'replies',
  what: 'api, scheduler and one worker: replies posted over 64 connections, until each is applied; p50/p99 of the answer',
  floorWhat: 'bare fastify and bulks of what arrives within 4 ms: reply, inbox, batch job, compare-and-set, mark',
  size: { full: 20_000, quick: 2000 },
  repeat: { full: 3, quick: 1 },
  run: (bench, size) => replies(bench, size),
  async floor(bench, size) {
    await prepareWaitingForReply(bench.store, size);
    const run = await runFloor(bench, { name: 'reply', size }, (url) =>
      runLoad({ urls: [url], apiKey: 'none', count: size }),
    );
    await insistOnApplied(bench.store, size);
    return run;
  },
};

/** The run of replies. */
export async function replies(bench: Bench, size: number, apis = 1): Promise<Run> {
  const { store } = bench;
  await prepareWaitingForReply(store, size);
  const apiKey = randomBytes(24).toString('hex');
  await saveApiKey(store, apiKey, 'bench', ['respond'], new Date());
  const system = await startSystem(bench, [...repeated('api', apis), 'worker', 'scheduler']);
  try {
    const before = await usage(bench, system.pids);
    const { startedAt, answeredAt, latency } = await runLoad({ urls: system.apiUrls, apiKey, count: size });
    await untilTrue('every reply is settled', () => areSettled(store), TIMEOUT_MS);
    const seconds = (Date.now() - startedAt) / 1000;
    const after = await usage(bench, system.pids);
    await insistOnApplied(store, size);
    const more = { answers_a_second: Math.round((size / (answeredAt - startedAt)) * 1000) };
    return { units: size, seconds, cpu: cpuBetween(before.cpu, after.cpu), bytes: after.bytes, latency, more };
  } finally {
    await system.stop();
  }
}

/** Asks a partial index that holds nothing but replies that are under way. */
async function areSettled({ responses }: Store): Promise<boolean> {
  return (await responses.collection.findOne({ status: { $in: ['received', 'queued'] } })) === null;
}

/** Thrown where replies ended otherwise than meant: what was measured is not what it is said to be. */
class NotAppliedError extends Error {
  override readonly name = 'NotAppliedError';
}

async function insistOnApplied({ responses }: Store, size: number): Promise<void> {
  const applied = await responses.collection.countDocuments({ status: 'applied' });
  if (applied !== size) throw new NotAppliedError(`${applied} of ${size} replies are applied, the others are not.`);
}
