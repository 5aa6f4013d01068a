import type { ConversationEvent, Send } from '@campaign-manager/core/engine';
import {
  type CommittedConversation,
  markResponses,
  resolveEscalations,
  type SeenConversation,
} from '@campaign-manager/core/store';
import { sampled } from '@campaign-manager/runtime';
import type { WorkerContext } from '../context.js';
import type { LoadedBatch } from './load.js';

/** A decision that won its compare-and-set. */
export interface Committed {
  readonly seen: SeenConversation;
  readonly document: CommittedConversation;
  readonly sends: readonly Send[];
  readonly events: readonly ConversationEvent[];
}

/** What follows from committed decisions and may be done twice: fates of replies, resolved escalations, metrics. */
export async function followUpCommits(
  context: WorkerContext,
  batch: LoadedBatch,
  committed: readonly Committed[],
): Promise<void> {
  for (const commit of committed) countEvents(context, batch, commit);
  await Promise.all([settleResponses(context, committed), settleEscalations(context, committed)]);
}

async function settleResponses(context: WorkerContext, committed: readonly Committed[]): Promise<void> {
  const applied = committed.flatMap(({ events }) => events.filter(({ type }) => type === 'response').map(eventId));
  const taken = new Set(applied);
  const late = committed
    .flatMap(({ seen }) => seen.inbox.filter(({ type }) => type === 'response').map(({ id }) => id))
    .filter((id) => !taken.has(id));
  const { responses } = context.metrics;
  responses.inc({ status: 'applied' }, await markResponses(context.store, applied, 'applied'));
  responses.inc({ status: 'late' }, await markResponses(context.store, late, 'late', 'conversation_completed'));
}

function eventId(event: ConversationEvent): string {
  return String(event.detail?.['id']);
}

async function settleEscalations(context: WorkerContext, committed: readonly Committed[]): Promise<void> {
  const resolved = committed.filter(({ events }) => events.some(({ type }) => type === 'escalation_resolved'));
  for (const { document } of resolved) {
    await resolveEscalations(context.store, document._id, document.escalation?.key ?? null, context.clock.now());
  }
}

function countEvents({ metrics, config }: WorkerContext, { campaign, now }: LoadedBatch, commit: Committed): void {
  const campaign_type = campaign.type;
  const observed = sampled(commit.document._id, config.metricsSampleRate);
  if (observed && commit.seen.next_action_at > 0) {
    metrics.dueLagSeconds.observe({}, Math.max(0, now - commit.seen.next_action_at) / 1000);
  }
  for (const { type, stage, detail } of commit.events) {
    if (type === 'advanced') {
      metrics.stagesAdvanced.inc({ campaign_type, from_stage: stage, to_stage: String(detail?.['to_stage']) });
    }
    if (type === 'completed') {
      metrics.conversationsCompleted.inc({ campaign_type, result: String(detail?.['result']) });
    }
    if (observed && (type === 'advanced' || type === 'completed')) {
      metrics.stageDurationSeconds.observe({ campaign_type, stage }, Number(detail?.['duration_ms']) / 1000);
    }
  }
}
