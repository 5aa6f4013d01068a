/** What can be done on the board, by the route of its HTTP interface below `/queues/api`; what is not here cannot. */
const ACTIONS: Readonly<Record<string, string>> = {
  'PUT /queues/pause': 'queues.pause_all',
  'PUT /queues/resume': 'queues.resume_all',
  'PUT /queues/:queueName/pause': 'queue.pause',
  'PUT /queues/:queueName/resume': 'queue.resume',
  'PUT /queues/:queueName/retry/:queueStatus': 'queue.retry_all',
  'PUT /queues/:queueName/promote': 'queue.promote_all',
  'PUT /queues/:queueName/clean/:queueStatus': 'queue.clean',
  'PUT /queues/:queueName/empty': 'queue.empty',
  'PUT /queues/:queueName/obliterate': 'queue.obliterate',
  'PUT /queues/:queueName/:jobId/retry': 'job.retry',
  'PUT /queues/:queueName/:jobId/clean': 'job.remove',
  'PUT /queues/:queueName/:jobId/promote': 'job.promote',
  'PATCH /queues/:queueName/:jobId/priority': 'job.prioritize',
};

/**
 * The name of an action for the audit log; null where it is none that the board may take. Jobs may be moved and removed,
 * since MongoDB knows what is to be done. They may not be made or rewritten, for their payloads hold nothing but ids of
 * ours, nor put off, for a poll cannot add one again whose id is held; and queues may not be throttled, which nobody would
 * find again. Pure.
 */
export function actionOf(method: string, route: string, prefix: string): string | null {
  const path = route.startsWith(`${prefix}/api/`) ? route.slice(`${prefix}/api`.length) : '';
  return ACTIONS[`${method} ${path}`] ?? null;
}

/** Whether a request only looks. Pure. */
export function onlyLooks(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
