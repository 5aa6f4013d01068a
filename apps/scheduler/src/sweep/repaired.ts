import type { Ports } from '@campaign-manager/ports';

/** What a repair was, as the label of `communication_repairs_total` (docs/self-healing.md). */
export type RepairKind = 'expired_lease' | 'response' | 'untold_outcome';

/** So many ids stand in one line of the log. */
const SHOWN = 10;

/** Counts repairs of one kind and logs them in one line, however many they were. */
export function repaired(
  { metrics, logger }: Pick<Ports, 'metrics' | 'logger'>,
  kind: RepairKind,
  ids: readonly string[],
  message: string,
): void {
  if (ids.length === 0) return;
  metrics.repairs.inc({ kind }, ids.length);
  logger.warn({ kind, repairs: ids.length, ids: ids.slice(0, SHOWN) }, message);
}
