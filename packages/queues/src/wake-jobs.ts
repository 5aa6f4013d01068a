import { chunks } from './chunks.js';
import type { JobToAdd } from './producers.js';

/**
 * The jobs that have conversations decided at once, because something has come into their inboxes. One alone gets an
 * `advance` job; several of one campaign go together, up to `batchSize` a job, which costs a worker a fraction. Either is
 * taken before the batches that wait, and counts in no campaign's quota. Pure.
 */
export function wakeJobs(conversationIds: readonly string[], batchSize: number): JobToAdd<'conversations'>[] {
  return [...byCampaign(conversationIds)].flatMap(([campaign_id, ids]) =>
    chunks(ids, batchSize).map((some) => wakeJob(campaign_id, some)),
  );
}

function wakeJob(campaign_id: string, conversation_ids: readonly string[]): JobToAdd<'conversations'> {
  const [conversation_id, ...others] = conversation_ids;
  if (conversation_id !== undefined && others.length === 0) return { name: 'advance', payload: { conversation_id } };
  return { name: 'advance-batch', payload: { campaign_id, conversation_ids }, urgent: true };
}

/** A conversation's id begins with its campaign's (design, section 3). One that is named twice is woken once. */
function byCampaign(conversationIds: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const id of new Set(conversationIds)) {
    const campaign = id.slice(0, id.indexOf('/'));
    const group = groups.get(campaign);
    if (group) group.push(id);
    else groups.set(campaign, [id]);
  }
  return groups;
}
