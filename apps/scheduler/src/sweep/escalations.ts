import { unnotifiedEscalations } from '@campaign-manager/core/store';
import { escalateJob } from '@campaign-manager/queues';
import { STRANDED_MS } from './stranded.js';
import type { SweepStep } from './sweep.js';

const LIMIT = 500;

/** Escalations that nobody was told of are announced again. */
export const sweepEscalations: SweepStep = async ({ store, producers }, { now }) => {
  const ids = await unnotifiedEscalations(store, now - STRANDED_MS, LIMIT);
  await producers.add('notifications', ids.map(escalateJob));
};
