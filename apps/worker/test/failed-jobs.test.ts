import { createLogger, createMetrics } from '@campaign-manager/runtime';
import { until } from '@campaign-manager/testkit';
import { startWorker } from '../src/start-worker.js';
import { createWorld } from './support/world.js';

it('a job that uses up its attempts is counted once, though nothing of it is kept', async () => {
  const world = await createWorld('failed_jobs', { CAMPAIGN_RETRY_DELAY_SECONDS: '0.05' });
  const { config } = world.context;
  const lines: { readonly msg: string; readonly job: { readonly over: boolean } }[] = [];
  const logger = createLogger(config, { app: 'worker', stream: { write: (line) => lines.push(JSON.parse(line)) } });
  const metrics = createMetrics({ enableMetrics: false });
  const worker = await startWorker(config, logger, metrics);
  try {
    const queue = worker.context.producers.queues.messages;
    const unreadable = null as never;
    await queue.add('retry', unreadable, { attempts: 3, backoff: { type: 'campaign' }, removeOnFail: true });
    const failures = () => lines.filter(({ msg }) => msg === 'A job failed').map(({ job }) => job.over);
    await until(() => failures().includes(true), { describe: 'its last attempt to have failed' });

    expect(failures()).toEqual([false, false, true]);
    expect(await metrics.registry.metrics()).toContain('communication_jobs_failed_total{queue="messages"} 1\n');
    expect(await queue.getFailedCount()).toBe(0);
  } finally {
    await worker.stop();
    await world.stop();
  }
});
