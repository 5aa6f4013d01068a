import { chunks } from './chunks.js';
import { batchPriority, NORMAL_WEIGHT } from './fair-share.js';
import { type JobToAdd, jobIdPart, type Producers } from './producers.js';
import type { RedisClient } from './redis.js';

/** A conversation that is due, in wall-clock milliseconds. */
export interface DueItem {
  readonly id: string;
  readonly version: number;
  readonly dueAt: number;
}

export interface HandOutOptions {
  readonly campaignId: string;
  readonly batchSize: number;
  /** One polling interval: how far the horizon reaches, and how long a mark outlives the due time. */
  readonly intervalMs: number;
  readonly now: number;
  readonly prefix: string;
  readonly traceId?: string;
  /** Conversations at most; the rest stays for the next poll. */
  readonly limit?: number;
  /** The campaign's share beside others: see `weightOf`. Default: that of a normal campaign. */
  readonly weight?: number;
}

/** The widest slice of time that one batch takes together (design, section 5, "The horizon"). */
const MAX_SLICE_MS = 1000;
const MIN_SLICE_MS = 50;

export interface HandedOut {
  readonly handedOut: number;
  /** The conversations that were handed out. */
  readonly ids: readonly string[];
  readonly jobIds: readonly string[];
}

/**
 * Hands conversations out as `advance-batch` jobs, each once: only one whose mark could be set is taken. A mark carries
 * the version and the due time, lives until one interval after it, and lives in Redis only, so whatever Redis loses is
 * handed out again by the next poll. Answers what was handed out, and the ids of the jobs.
 *
 * The more batches of a campaign are outstanding already, the later its next one is taken: a huge campaign's fiftieth
 * batch waits behind a small one's first, whoever came first.
 */
export async function handOut(
  producers: Producers,
  items: readonly DueItem[],
  options: HandOutOptions,
): Promise<HandedOut> {
  const { fresh, before } = await markFresh(producers.redis, items, options);
  const jobs = byPosition(toBatches(fresh, options), before, options);
  const jobIds = await producers.add('conversations', jobs);
  await trackOutstanding(producers.redis, options, jobIds);
  return { handedOut: fresh.length, ids: fresh.map(({ id }) => id), jobIds };
}

/** Jobs for one conversation that come within this time are one too many. */
const AGAIN_MS = 900;

/**
 * Hands conversations out whose marks stand although their job is spent: it came early, or something must be awaited.
 * Several jobs that want this for one conversation at a time become one; otherwise each would live on beside the others.
 */
export async function handOutAgain(
  producers: Producers,
  items: readonly DueItem[],
  options: HandOutOptions,
): Promise<void> {
  const { now, prefix } = options;
  const { fresh, before } = await setMarks(producers.redis, items, options, ({ id, version, dueAt }) => ({
    key: `${prefix}:again:${id}:${version}`,
    livesMs: Math.max(1, Math.min(AGAIN_MS, Math.floor(dueAt - now) - 50)), // gone before the job runs
  }));
  await producers.add('conversations', byPosition(toBatches(fresh, options), before, options));
}

/** Gives each batch the priority of its place in the campaign's own line. Pure. */
function byPosition(
  jobs: readonly JobToAdd<'conversations', 'advance-batch'>[],
  before: number,
  { weight = NORMAL_WEIGHT }: HandOutOptions,
): JobToAdd<'conversations', 'advance-batch'>[] {
  return jobs.map((job, i) => ({ ...job, priority: batchPriority(before + i, weight) }));
}

/** Groups what is due within one slice; a batch runs at the slice's end, what is overdue at once. Pure. */
export function toBatches(
  items: readonly DueItem[],
  { campaignId, batchSize, intervalMs, now, traceId }: HandOutOptions,
): JobToAdd<'conversations', 'advance-batch'>[] {
  const sliceMs = Math.min(MAX_SLICE_MS, Math.max(MIN_SLICE_MS, intervalMs / 10));
  const slices = new Map<number, string[]>();
  for (const { id, dueAt } of items) {
    const runAt = dueAt <= now ? now : Math.ceil(dueAt / sliceMs) * sliceMs;
    const slice = slices.get(runAt);
    if (slice) slice.push(id);
    else slices.set(runAt, [id]);
  }
  return [...slices].flatMap(([runAt, ids]) =>
    chunks(ids, batchSize).map((conversation_ids) => ({
      name: 'advance-batch' as const,
      payload: { campaign_id: campaignId, conversation_ids, ...(traceId !== undefined && { trace_id: traceId }) },
      delayMs: runAt - now,
    })),
  );
}

/** Marks sent to Redis at once. */
const MARKS = 1000;

interface Marked {
  readonly fresh: readonly DueItem[];
  /** Batches of the campaign that were outstanding at that moment. */
  readonly before: number;
}

async function markFresh(redis: RedisClient, items: readonly DueItem[], options: HandOutOptions): Promise<Marked> {
  const { limit = Number.POSITIVE_INFINITY, intervalMs, now, prefix } = options;
  const fresh: DueItem[] = [];
  let before = 0;
  for (let start = 0; start < items.length && fresh.length < limit; ) {
    const next = items.slice(start, start + Math.min(MARKS, limit - fresh.length));
    start += next.length;
    const marked = await setMarks(redis, next, options, ({ id, version, dueAt }) => ({
      key: `${prefix}:mark:${id}:${version}:${dueAt}`,
      livesMs: Math.ceil(Math.max(0, dueAt - now) + intervalMs),
    }));
    fresh.push(...marked.fresh);
    before = marked.before;
  }
  return { fresh, before };
}

/** Sets the marks, and asks on the same way how many batches of the campaign are outstanding. */
async function setMarks(
  redis: RedisClient,
  items: readonly DueItem[],
  { prefix, campaignId }: HandOutOptions,
  markOf: (item: DueItem) => { readonly key: string; readonly livesMs: number },
): Promise<Marked> {
  const pipeline = redis.pipeline();
  for (const item of items) {
    const { key, livesMs } = markOf(item);
    pipeline.set(key, '1', 'PX', livesMs, 'NX');
  }
  pipeline.scard(outstandingKey(prefix, campaignId));
  const answers = (await pipeline.exec()) ?? [];
  const failure = answers.find(([error]) => error !== null)?.[0];
  if (failure) throw failure;
  return { fresh: items.filter((_, i) => answers[i]?.[1] === 'OK'), before: Number(answers.at(-1)?.[1] ?? 0) };
}

function outstandingKey(prefix: string, campaignId: string): string {
  return `${prefix}:outstanding:${jobIdPart(campaignId)}`;
}

/** A campaign that hands nothing out for this long has ended, or its jobs are gone: its set goes by itself. */
const OUTSTANDING_MS = 2 * 24 * 3_600_000;

async function trackOutstanding(
  redis: RedisClient,
  { prefix, campaignId }: HandOutOptions,
  jobIds: readonly string[],
): Promise<void> {
  if (jobIds.length === 0) return;
  const key = outstandingKey(prefix, campaignId);
  await redis
    .multi()
    .sadd(key, ...jobIds)
    .pexpire(key, OUTSTANDING_MS)
    .exec();
}

/** A worker is done with a batch: the campaign may have another one. */
export async function finished(redis: RedisClient, prefix: string, campaignId: string, jobId: string): Promise<void> {
  await redis.srem(outstandingKey(prefix, campaignId), jobId);
}

/**
 * How many batches of a campaign wait or run. Where the count reaches `limit`, jobs that exist no more (Redis lost them,
 * or a worker died behind the last step) are forgotten first, so that the quota heals by itself.
 */
export async function outstanding(
  producers: Producers,
  prefix: string,
  campaignId: string,
  limit: number,
): Promise<number> {
  const key = outstandingKey(prefix, campaignId);
  const count = await producers.redis.scard(key);
  if (count < limit) return count;
  const ids = await producers.redis.smembers(key);
  const states = await Promise.all(ids.map((id) => producers.queues.conversations.getJobState(id)));
  const gone = ids.filter((_, i) => ['completed', 'failed', 'unknown'].includes(states[i] ?? 'unknown'));
  if (gone.length > 0) await producers.redis.srem(key, ...gone);
  return count - gone.length;
}
