import { randomUUID } from 'node:crypto';
import { blockConversation, type DecideInput, type Decision, endConversation } from '@campaign-manager/core/engine';
import type { CampaignDocument } from '@campaign-manager/core/models';
import {
  closeBatch,
  commitDecisions,
  openBatch,
  recordEscalations,
  type SeenConversation,
} from '@campaign-manager/core/store';
import { inSpan } from '@campaign-manager/runtime';
import type { WorkerContext } from '../context.js';
import { deliverAll } from '../delivery/deliver-all.js';
import { type Committed, followUpCommits } from './after-commit.js';
import { BATCH_LEASE_MS, keepBatchAlive } from './batch-lease.js';
import { consultManager } from './custom-logic.js';
import { type DecidedBatch, decideBatch, decideInput } from './decide-batch.js';
import { openEffects } from './effects.js';
import { type LoadedBatch, loadBatch } from './load.js';
import { logCommits, logUndecided } from './log-decisions.js';
import { notifyEscalations } from './notify.js';
import { scheduleAgain, scheduleNext } from './schedule.js';
import { inSteps, type Steps } from './steps.js';
import { tellBlocked } from './tell-blocked.js';

export interface Advanced {
  readonly failed: DecidedBatch['failed'];
}

/**
 * Advances conversations of one campaign: load, decide, commit, deliver (design, section 2). Permits for conversations
 * in flight are taken before anything is decided.
 */
export async function advance(
  context: WorkerContext,
  campaign: CampaignDocument,
  ids: readonly string[],
): Promise<Advanced> {
  const failed: DecidedBatch['failed'][number][] = [];
  await inChunks(context, ids, async (chunk) => {
    const batch = await inSpan('batch.load', () => loadBatch(context, campaign, chunk));
    await inSteps(batch, async (steps) => {
      const decided = await inSpan('batch.decide', () => consultManager(context, batch, decideBatch(batch)));
      failed.push(...decided.failed);
      if (steps) tellUndecided(steps, decided);
      logUndecided(context, decided);
      await commitAndDeliver(context, batch, decided.decisions, steps);
      context.metrics.decisions.inc({ outcome: 'early' }, decided.early.length);
      await scheduleAgain(context, batch, decided.early, decided.waiting);
    });
  });
  return { failed };
}

function tellUndecided(steps: Steps, { early, waiting, failed }: DecidedBatch): void {
  steps.cameOut(early, 'early');
  steps.cameOut(waiting, 'waiting');
  for (const { id, error } of failed) steps.failed(id, error);
}

/** Brings about what was decided and committed by a worker that died before each effect had its row. */
export async function finishEffects(
  context: WorkerContext,
  campaign: CampaignDocument,
  ids: readonly string[],
): Promise<void> {
  await inChunks(context, ids, async (chunk) => {
    const batch = await loadBatch(context, campaign, chunk);
    await bringAbout(
      context,
      batch,
      batch.conversations.map((document) => ({ document, sends: [] })),
    );
  });
}

/** Works on so many conversations at a time as may be in flight. */
async function inChunks(
  { permits, config }: WorkerContext,
  ids: readonly string[],
  work: (chunk: readonly string[]) => Promise<void>,
): Promise<void> {
  const size = Math.min(permits.total, config.maxBatchSize);
  for (let start = 0; start < ids.length; start += size) {
    const chunk = ids.slice(start, start + size);
    const release = await permits.acquire(chunk.length);
    try {
      await work(chunk);
    } finally {
      release();
    }
  }
}

type Decisions = readonly { readonly seen: SeenConversation; readonly decision: Decision }[];

/**
 * States the intent, commits by compare-and-set, brings the effects about, and withdraws the intent when each of them
 * has its row. A crash anywhere in between leaves an open batch that somebody adopts.
 */
async function commitAndDeliver(
  context: WorkerContext,
  batch: LoadedBatch,
  decisions: Decisions,
  steps: Steps | undefined,
): Promise<readonly Committed[]> {
  const changed = changedOnly(decisions);
  if (steps) tellDecided(steps, decisions);
  if (changed.length === 0) return [];
  const intent = await stateIntent(context, batch.campaign, changed);
  const lease = keepBatchAlive(context, intent);
  try {
    const committed = await inSpan('batch.commit', () => commit(context, changed));
    if (steps) tellCommitted(steps, changed, committed);
    await bringAbout(context, batch, committed, steps);
    await followUpCommits(context, batch, committed);
    await closeBatch(context.store, intent);
    await scheduleNext(context, batch, committed);
    return committed;
  } finally {
    lease.stop();
  }
}

function changedOnly(decisions: Decisions): Decisions {
  return decisions.filter(({ seen, decision }) => decision.state !== seen);
}

function tellDecided(steps: Steps, decisions: Decisions): void {
  for (const { seen, decision } of decisions) {
    if (decision.state === seen) steps.cameOut([seen], 'unchanged');
    else steps.decided(seen._id, decision.events);
  }
}

function tellCommitted(steps: Steps, changed: Decisions, committed: readonly Committed[]): void {
  steps.cameOut(
    changed.map(({ seen }) => seen),
    'lost_race',
  );
  steps.cameOut(
    committed.map(({ document }) => document),
    'committed',
  );
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
  logCommits(context, changed, won);
  const committed = changed.flatMap(({ seen, decision }) => {
    const document = won.get(seen._id);
    return document ? [{ seen, document, sends: decision.sends, events: decision.events }] : [];
  });
  tellBlocked(context, committed);
  return committed;
}

async function bringAbout(
  context: WorkerContext,
  batch: LoadedBatch,
  committed: Parameters<typeof openEffects>[1],
  steps?: Steps,
): Promise<void> {
  const { deliveries, escalations } = openEffects(batch, committed, steps);
  await recordEscalations(context.store, escalations, context.clock.now());
  await notifyEscalations(
    context,
    escalations.map(({ effect }) => effect.key),
  );
  await deliverAll(context, deliveries);
}

/** Ends open conversations of a campaign that is over, whatever their rules say. Answers whom it ended. */
export async function endAll(
  context: WorkerContext,
  campaign: CampaignDocument,
  ids: readonly string[],
  result: 'expired' | 'cancelled',
  reason: string,
): Promise<readonly string[]> {
  const batch = await inSpan('batch.load', () => loadBatch(context, campaign, ids));
  const open = batch.conversations.filter(({ status }) => status !== 'completed');
  const decisions = open.map((seen) => ({ seen, decision: end(decideInput(batch, seen), result, reason) }));
  const committed = await inSteps(batch, (steps) => commitAndDeliver(context, batch, decisions, steps));
  return committed.map(({ document }) => document._id);
}

/** One conversation whose inbox or outbox cannot be made sense of ends without them: it must not keep the others. */
function end(input: DecideInput, ...how: ['expired' | 'cancelled', string]): Decision {
  try {
    return endConversation(input, ...how);
  } catch {
    const state = { ...input.state, inbox: [], outbox: [], escalation: null, held: null };
    return endConversation({ ...input, state }, ...how);
  }
}

/**
 * Puts one conversation aside, because it failed again and again. That is committed and nothing else: what waits in its
 * outbox may be what kills workers. It is brought about when an operator lets the conversation go on.
 */
export async function setAside(
  context: WorkerContext,
  campaign: CampaignDocument,
  id: string,
  reason: string,
): Promise<void> {
  const batch = await loadBatch(context, campaign, [id]);
  const decisions = batch.conversations.map((seen) => {
    const outbox = Array.isArray(seen.outbox) ? seen.outbox : []; // what is set aside may be broken in any way
    return { seen, decision: blockConversation(decideInput(batch, { ...seen, outbox }), reason) };
  });
  await commit(context, changedOnly(decisions));
}
