import type { JobToDo } from '@campaign-manager/queues';
import { describeSpan, isTracing, newTraceId, withTraceId } from '@campaign-manager/runtime';
import type { WorkerContext } from './context.js';

/**
 * Runs a handler within the trace that its job belongs to, or within a new one. With OpenTelemetry the queue has entered
 * it already. Where nobody is told of traces there is none: on Node 20 whatever follows a context through promises makes
 * every one of them dearer.
 */
export function traced<P extends { readonly trace_id?: string; readonly campaign_id?: string }>(
  context: WorkerContext,
  handler: (context: WorkerContext, job: JobToDo<P>) => Promise<void>,
): (job: JobToDo<P>) => Promise<void> {
  if (isTracing()) {
    return (job) => {
      if (job.payload.campaign_id !== undefined) describeSpan({ 'campaign.id': job.payload.campaign_id });
      return handler(context, job);
    };
  }
  if (!context.config.includeTraceId) return (job) => handler(context, job);
  return (job) => withTraceId(job.payload.trace_id ?? newTraceId(), () => handler(context, job));
}
