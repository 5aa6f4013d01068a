import { reconcileResponse, strandedResponses } from '@campaign-manager/core/store';
import { repaired } from './repaired.js';
import { STRANDED_MS } from './stranded.js';
import type { SweepStep } from './sweep.js';

const LIMIT = 500;

/** Replies that no conversation has yet are pushed again; those in an inbox are due, so the poll hands them out. */
export const sweepResponses: SweepStep = async (context, { now }) => {
  const { store, producers } = context;
  const found: string[] = [];
  for (const response of await strandedResponses(store, now - STRANDED_MS, LIMIT)) {
    const { status, wake } = await reconcileResponse(store, response);
    if (status === response.status) continue;
    found.push(response._id);
    await producers.add(
      'conversations',
      wake.map((conversation_id) => ({ name: 'advance' as const, payload: { conversation_id } })),
    );
  }
  repaired(context, 'response', found, 'Replies had come to a halt on their way');
};
