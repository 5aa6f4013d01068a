import type { CampaignDocument } from '@campaign-manager/core/models';
import type { Ports } from '@campaign-manager/ports';
import type { Memory } from '../memory.js';
import { sweepBatches } from './batches.js';
import { sweepEscalations } from './escalations.js';
import { sweepHistory } from './history.js';
import { sweepImports } from './imports.js';
import { sweepLeases } from './leases.js';
import { sweepLostEffects } from './lost-effects.js';
import { sweepResponses } from './responses.js';
import type { SweepStep } from './step.js';
import { sweepStrays } from './strays.js';
import { sweepUntold } from './untold.js';

const STEPS: Readonly<Record<string, SweepStep>> = {
  leases: sweepLeases,
  lostEffects: sweepLostEffects,
  batches: sweepBatches,
  responses: sweepResponses,
  escalations: sweepEscalations,
  untold: sweepUntold,
  strays: sweepStrays,
  imports: sweepImports,
  history: sweepHistory,
};

/**
 * Finds what crashes left behind and repairs it (docs/self-healing.md). A step that fails does not keep the others from
 * it. Several schedulers may sweep at once: whoever wins a compare-and-set counts the repair.
 */
export async function sweep(context: Ports, campaigns: readonly CampaignDocument[], memory: Memory): Promise<void> {
  const now = context.clock.now();
  for (const [step, run] of Object.entries(STEPS)) {
    await run(context, { now, campaigns, memory }).catch((err) =>
      context.logger.error({ err, step }, 'A sweep failed'),
    );
  }
}
