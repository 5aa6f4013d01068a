import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** What was repaired, as the label of `communication_repairs_total`; docs/self-healing.md tells each. */
export const REPAIR_KINDS = [
  'expired_lease',
  'open_batch',
  'lost_effect',
  'late_conversation',
  'untimed_conversation',
  'half_initialised',
  'late_start',
  'stalled_campaign',
  'stray_conversation',
  'orphaned_row',
  'response',
  'untold_outcome',
  'escalation',
  'expired_import',
] as const;
export type RepairKind = (typeof REPAIR_KINDS)[number];

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
