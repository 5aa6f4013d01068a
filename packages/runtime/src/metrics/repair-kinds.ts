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
