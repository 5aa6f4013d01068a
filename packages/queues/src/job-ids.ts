import type { JobToAdd } from './producers.js';
import { jobIdPart } from './producers.js';

/**
 * The job of a message's next attempt. Worker and scheduler give it the same id, so that it waits once: jobs too many
 * for one row would each go on beside the others. `dueAt` and `now` are MongoDB's time.
 */
export function retryJob(
  row: { readonly key: string; readonly attempt: number; readonly dueAt: number },
  now: number,
  suffix = '',
): JobToAdd<'messages', 'retry'> {
  const { key, attempt, dueAt } = row;
  return {
    name: 'retry',
    payload: { key },
    delayMs: dueAt - now,
    jobId: `retry-${jobIdPart(key)}-${attempt}-${Math.round(dueAt)}${suffix}`,
  };
}

/*
 * Whoever finds a job missing that should have been there adds it with `repair`. Where it was not missing after all,
 * BullMQ keeps the one it has, so only a job that was really lost says of itself that it is a repair.
 */

/** The job that tells a human of an escalation; it waits once, whoever adds it. */
export function escalateJob(escalationId: string, repair = false): JobToAdd<'notifications', 'escalate'> {
  return {
    name: 'escalate',
    payload: { escalation_id: escalationId, ...(repair && { repair }) },
    jobId: `escalate-${jobIdPart(escalationId)}`,
  };
}

/** The job that creates the conversations behind `cursor`; two that add it for one page add one. */
export function initializeJob(campaignId: string, cursor: string, repair = false): JobToAdd<'campaigns', 'initialize'> {
  return {
    name: 'initialize',
    payload: { campaign_id: campaignId, cursor, ...(repair && { repair }) },
    jobId: `init-${jobIdPart(campaignId)}-${jobIdPart(cursor)}`,
  };
}

/** The job that ends what is open of a campaign; it waits once, whoever adds it. */
export function closeJob(campaignId: string, repair = false): JobToAdd<'campaigns', 'close'> {
  return {
    name: 'close',
    payload: { campaign_id: campaignId, ...(repair && { repair }) },
    jobId: `close-${jobIdPart(campaignId)}`,
  };
}
