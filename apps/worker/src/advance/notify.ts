import { escalateJob } from '@campaign-manager/queues';
import type { WorkerContext } from '../context.js';

/** Adds the jobs that tell humans of escalations; the sweep adds those that Redis lost. */
export async function notifyEscalations(
  { producers, logger }: Pick<WorkerContext, 'producers' | 'logger'>,
  escalationIds: readonly string[],
): Promise<void> {
  await producers
    .add(
      'notifications',
      escalationIds.map((id) => escalateJob(id)),
    )
    .catch((error) => logger.warn({ err: error }, 'Redis did not take a notification; the next sweep adds it'));
}
