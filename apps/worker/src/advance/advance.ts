import { randomUUID } from 'node:crypto';
import { blockConversation, type Decision, endConversation } from '@campaign-manager/core/engine';
import type { CampaignDocument, ConversationDocument } from '@campaign-manager/core/models';
import { closeBatch, commitDecisions, openBatch, recordEscalations } from '@campaign-manager/core/store';
import type { WorkerContext } from '../context.js';
import { deliverAll } from '../delivery/deliver-all.js';
import { type Committed, followUpCommits } from './after-commit.js';
import { BATCH_LEASE_MS, keepBatchAlive } from './batch-lease.js';
import { type DecidedBatch, decideBatch, decideInput } from './decide-batch.js';
import { openEffects } from './effects.js';
import { type LoadedBatch, loadBatch } from './load.js';
import { notifyEscalations } from './notify.js';
import { scheduleAgain, scheduleNext } from './schedule.js';

export interface Advanced {
  readonly failed: DecidedBatch['failed'];
}

/**
 * Advances conversations of one campaign: load, decide, commit, deliver (design, section 2). Permits for conversations
 * in flight are taken before anything is decided. `batchId` names an open batch that was adopted and covers these ids.
 */
export async function advance(
  context: WorkerContext,
  campaign: CampaignDocument,
  ids: readonly string[],
  batchId?: string,
): Promise<Advanced> {
  const size = Math.min(context.permits.total, context.config.maxBatchSize);
  const failed: DecidedBatch['failed'][number][] = [];
  for (let start = 0; start < ids.length; start += size) {
    const chunk = ids.slice(start, start + size);
    const release = await context.permits.acquire(chunk.length);
    try {
      failed.push(...(await advanceChunk(context, campaign, chunk, batchId)));
    } finally {
      release();
    }
  }
  return { failed };
}

async function advanceChunk(
  context: WorkerContext,
  campaign: CampaignDocument,
  ids: readonly string[],
  batchId: string | undefined,
): Promise<DecidedBatch['failed']> {
  const batch = await loadBatch(context, campaign, ids);
  const { decisions, early, waiting, failed } = decideBatch(batch);
  await commitAndDeliver(context, batch, decisions, batchId);
  context.metrics.decisions.inc({ outcome: 'early' }, early.length);
  await scheduleAgain(context, batch, early, waiting);
  return failed;
}

type Decisions = readonly { readonly seen: ConversationDocument; readonly decision: Decision }[];

/**
 * States the intent, commits by compare-and-set, brings the effects about, and withdraws the intent when each of them
 * has its row. A crash anywhere in between leaves an open batch that somebody adopts.
 */
async function commitAndDeliver(
  context: WorkerContext,
  batch: LoadedBatch,
  decisions: Decisions,
  adoptedBatchId?: string,
): Promise<void> {
  const changed = decisions.filter(({ seen, decision }) => decision.state !== seen);
  if (changed.length === 0 && adoptedBatchId === undefined) return;
  const intent = adoptedBatchId ?? (await stateIntent(context, batch.campaign, changed));
  const lease = keepBatchAlive(context, intent);
  try {
    const committed = await commit(context, changed);
    const leftBehind = adoptedBatchId === undefined ? [] : untouched(batch, changed);
    await bringAbout(context, batch, [...committed, ...leftBehind]);
    await closeBatch(context.store, intent);
    await followUpCommits(context, batch, committed);
    await scheduleNext(context, batch, committed);
  } finally {
    lease.stop();
  }
}

/** Conversations of an adopted batch that need no decision now, but may have effects that nobody brought about. */
function untouched(batch: LoadedBatch, changed: Decisions) {
  const ids = new Set(changed.map(({ seen }) => seen._id));
  return batch.conversations.filter(({ _id }) => !ids.has(_id)).map((document) => ({ document, sends: [] }));
}

async function stateIntent(context: WorkerContext, campaign: CampaignDocument, changed: Decisions): Promise<string> {
  const id = randomUUID();
  await openBatch(context.store, {
    _id: id,
    campaign_id: campaign._id,
    conversation_ids: changed.map(({ seen }) => seen._id),
    lease_until: context.clock.now() + BATCH_LEASE_MS,
  });
  return id;
}

async function commit(context: WorkerContext, changed: Decisions): Promise<Committed[]> {
  const won = await commitDecisions(
    context.store,
    changed.map(({ seen, decision }) => ({ seen, state: decision.state, events: decision.events })),
    randomUUID(),
  );
  context.metrics.decisions.inc({ outcome: 'committed' }, won.size);
  context.metrics.decisions.inc({ outcome: 'lost_race' }, changed.length - won.size);
  return changed.flatMap(({ seen, decision }) => {
    const document = won.get(seen._id);
    return document ? [{ seen, document, sends: decision.sends, events: decision.events }] : [];
  });
}

async function bringAbout(
  context: WorkerContext,
  batch: LoadedBatch,
  committed: Parameters<typeof openEffects>[1],
): Promise<void> {
  const { deliveries, escalations } = openEffects(batch, committed);
  await recordEscalations(context.store, escalations, context.clock.now());
  await notifyEscalations(
    context,
    escalations.map(({ effect }) => effect.key),
  );
  await deliverAll(context, deliveries);
}

/** Ends open conversations of a campaign that is over, whatever their rules say. */
export async function endAll(
  context: WorkerContext,
  campaign: CampaignDocument,
  ids: readonly string[],
  result: 'expired' | 'cancelled',
  reason: string,
): Promise<void> {
  const batch = await loadBatch(context, campaign, ids);
  const open = batch.conversations.filter(({ status }) => status !== 'completed');
  const decisions = open.map((seen) => ({ seen, decision: endConversation(decideInput(batch, seen), result, reason) }));
  await commitAndDeliver(context, batch, decisions);
}

/** Puts one conversation aside, because deciding it failed again and again. */
export async function setAside(
  context: WorkerContext,
  campaign: CampaignDocument,
  id: string,
  reason: string,
): Promise<void> {
  const batch = await loadBatch(context, campaign, [id]);
  const decisions = batch.conversations.map((seen) => ({
    seen,
    decision: blockConversation(decideInput(batch, seen), reason),
  }));
  await commitAndDeliver(context, batch, decisions);
}
