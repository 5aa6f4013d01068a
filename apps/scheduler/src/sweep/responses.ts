import type { ResponseDocument } from '@campaign-manager/core/models';
import { reconcileResponse, strandedResponses, waitingInInbox } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { repaired } from '@campaign-manager/runtime';
import type { Sweep, SweepStep } from './step.js';
import { STRANDED_MS } from './stranded.js';

const LIMIT = 500;

/**
 * Replies that no conversation has yet are pushed again; those in an inbox are due, so the poll hands them out. Many may
 * wait for a paused campaign or a full inbox, so each sweep goes on where the one before ended.
 */
export const sweepResponses: SweepStep = async (context, sweep) => {
  const found: string[] = [];
  try {
    for (const response of await nextPage(context, sweep, 'received')) await push(context, response, found);
    const queued = await nextPage(context, sweep, 'queued');
    const waiting = await waitingInInbox(context.store, queued);
    for (const response of queued) if (!waiting.has(response._id)) await push(context, response, found);
  } finally {
    repaired(context, 'response', found, 'Replies had come to a halt on their way');
  }
};

function nextPage(
  { store }: Ports,
  { now, memory }: Sweep,
  status: 'received' | 'queued',
): Promise<ResponseDocument[]> {
  return memory
    .list<ResponseDocument>(`responses ${status}`)
    .next((after, limit) => strandedResponses(store, status, now - STRANDED_MS, limit, after), LIMIT);
}

async function push({ store, producers, metrics }: Ports, response: ResponseDocument, found: string[]): Promise<void> {
  const { status, wake, changed } = await reconcileResponse(store, response);
  if (!changed) return;
  if (status !== 'received' && status !== 'queued') metrics.responses.inc({ status });
  found.push(response._id);
  await producers.add(
    'conversations',
    wake.map((conversation_id) => ({ name: 'advance' as const, payload: { conversation_id } })),
  );
}
