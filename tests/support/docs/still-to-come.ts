/**
 * Names that these pages use already and that other branches of "Run it anywhere" bring. When all of them are there, the
 * test says so, and this file goes.
 */
export const STILL_TO_COME: readonly string[] = [
  'docs/metrics.md',
  'docs/operations.md',
  'docs/privacy.md',
  'docs/scaling.md',
  'docs/tracing.md',
  'docs/upgrades.md',
  'docker/compose.yaml',
  'helm/campaign-manager',
  'communication_batch_size',
  'communication_mongodb_operation_seconds',
  'communication_oldest_due_seconds',
  'communication_queue_jobs',
];
