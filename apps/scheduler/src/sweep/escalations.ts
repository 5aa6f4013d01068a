import { type Unnotified, unnotifiedEscalations } from '@campaign-manager/core/store';
import { escalateJob } from '@campaign-manager/queues';
import type { SweepStep } from './step.js';
import { STRANDED_MS } from './stranded.js';

const LIMIT = 500;

/**
 * Escalations that nobody was told of are announced again; whoever notes that it is done counts it. A notifier may be
 * away for long, so each sweep goes on where the one before ended.
 */
export const sweepEscalations: SweepStep = async ({ store, producers }, { now, memory }) => {
  const found = await memory
    .list<Unnotified>('escalations')
    .next((after, limit) => unnotifiedEscalations(store, now - STRANDED_MS, limit, after), LIMIT);
  await producers.add(
    'notifications',
    found.map(({ _id }) => escalateJob(_id, true)),
  );
};
