import type { CampaignDocument } from '@campaign-manager/core/models';
import { type DecidedConversation, wallTime } from '@campaign-manager/core/store';
import { type DueItem, handOut, handOutAgain, weightOf } from '@campaign-manager/queues';
import { currentTraceId, outsideTraces } from '@campaign-manager/runtime';
import type { WorkerContext } from '../context.js';
import type { Committed } from './after-commit.js';
import type { LoadedBatch } from './load.js';

/** When a conversation whose message is on the wire is looked at again. */
const WIRE_RECHECK_MS = 1000;

/**
 * Hands out what comes due before the scheduler looks again. Redis may be away: the poll is the safety net. What comes
 * due by time is no part of the present trace, which else would grow for weeks.
 */
export async function scheduleNext(
  context: WorkerContext,
  { campaign }: LoadedBatch,
  committed: readonly Committed[],
): Promise<void> {
  const now = context.clock.now();
  const horizon = now + context.config.pollingIntervalMs;
  const items = committed
    .filter(({ document }) => document.status === 'active')
    .map(({ document }) => dueItem(campaign, document))
    .filter(({ dueAt }) => dueAt <= horizon);
  if (items.length === 0) return;
  await outsideTraces(() => handOut(context.producers, items, options(context, campaign, now))).catch((error) =>
    later(context, error),
  );
}

/**
 * Adds jobs for conversations that could not be decided now: those that came early by the worker's clock, and those
 * that wait for the wire. Their marks stand, so the poll would not hand them out soon.
 */
export async function scheduleAgain(
  context: WorkerContext,
  { campaign }: LoadedBatch,
  early: readonly DecidedConversation[],
  waiting: readonly DecidedConversation[],
): Promise<void> {
  const now = context.clock.now();
  const horizon = now + context.config.pollingIntervalMs;
  const items = [
    ...early.map((document) => dueItem(campaign, document)).filter(({ dueAt }) => dueAt <= horizon),
    ...waiting.map((document) => ({ ...dueItem(campaign, document), dueAt: now + WIRE_RECHECK_MS })),
  ];
  if (items.length === 0) return;
  context.metrics.redispatches.inc({ reason: 'early' }, items.length - waiting.length);
  context.metrics.redispatches.inc({ reason: 'on_the_wire' }, waiting.length);
  await outsideTraces(() => handOutAgain(context.producers, items, options(context, campaign, now))).catch((error) =>
    later(context, error),
  );
}

function dueItem(campaign: CampaignDocument, { _id, version, next_action_at }: DecidedConversation): DueItem {
  return { id: _id, version, dueAt: wallTime(campaign, next_action_at) };
}

function options({ config }: WorkerContext, campaign: CampaignDocument, now: number) {
  const traceId = currentTraceId();
  return {
    campaignId: campaign._id,
    batchSize: config.maxBatchSize,
    intervalMs: config.pollingIntervalMs,
    prefix: config.redisPrefix,
    now,
    weight: weightOf(campaign),
    ...(traceId !== undefined && { traceId }),
  };
}

function later({ logger }: WorkerContext, error: unknown): void {
  logger.warn({ err: error }, 'Redis did not take a job; the next poll hands it out again');
}
