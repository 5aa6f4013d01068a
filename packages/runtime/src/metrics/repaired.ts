import type { Logger } from '../logger.js';
import type { Metrics } from './create-metrics.js';
import type { RepairKind } from './repair-kinds.js';

/** So many ids stand in one line of the log. */
const SHOWN = 10;

/**
 * Counts repairs of one kind, and logs them in one line, however many they were. For whoever won the compare-and-set of
 * the repair: so each is counted once, though several processes find it.
 */
export function repaired(
  { metrics, logger }: { readonly metrics: Pick<Metrics, 'repairs'>; readonly logger: Pick<Logger, 'warn'> },
  kind: RepairKind,
  ids: readonly string[],
  message: string,
  more: object = {},
): void {
  if (ids.length === 0) return;
  metrics.repairs.inc({ kind }, ids.length);
  logger.warn({ repair: kind, repairs: ids.length, ids: ids.slice(0, SHOWN), ...more }, message);
}
