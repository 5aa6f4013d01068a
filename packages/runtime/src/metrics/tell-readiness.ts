import type { Checks } from '../health.js';
import type { Metrics } from './create-metrics.js';

/**
 * Shows in the metrics that a process of this app runs, and which of its checks of readiness it passes. `isOneOfSeveral`:
 * the primary of the cluster tells how many there should be.
 */
export function tellReadiness(
  metrics: Pick<Metrics, 'processes' | 'processesExpected' | 'ready'>,
  app: 'scheduler' | 'worker' | 'api',
  checks: () => Promise<Checks>,
  isOneOfSeveral = false,
): void {
  metrics.processes.set({ app }, 1);
  if (!isOneOfSeveral) metrics.processesExpected.set({ app }, 1);
  metrics.ready.readAtScrape(async () =>
    Object.entries(await checks()).map(([check, { ok }]) => ({ labels: { app, check }, value: ok ? 1 : 0 })),
  );
}
