import cluster from 'node:cluster';
import { checkPorts } from '@campaign-manager/ports';
import {
  type Checks,
  checkOf,
  createLogger,
  createMetrics,
  loadConfig,
  onShutdown,
  runApp,
  shareMetrics,
  startHealthServer,
  startTracing,
  tellReadiness,
} from '@campaign-manager/runtime';
import { obeyPrimary, runPrimary, tellPrimary } from './cluster.js';
import { loadManager } from './load-manager.js';
import { type RunningWorker, startWorker } from './start-worker.js';

runApp('worker', async () => {
  const config = loadConfig();
  const logger = createLogger(config, { app: 'worker' });
  for (const warning of config.warnings) logger.warn(warning);
  const manager = await loadManager(config.managerModule);
  if (manager) logger.info({ module: config.managerModule }, 'Custom logic is loaded');
  if (config.workerThreads > 1 && cluster.isPrimary) return runPrimary(config, logger);
  const tracing = await startTracing(config, { app: 'worker', logger });
  const metrics = createMetrics(config);
  if (cluster.isWorker) shareMetrics(metrics.registry);
  let worker: RunningWorker | undefined;
  let waitsFor = 'It is starting.';
  const checks = async (): Promise<Checks> => (worker ? checkPorts(worker.context) : { start: checkOf(waitsFor) });
  tellReadiness(metrics, 'worker', checks, cluster.isWorker);
  const health = cluster.isWorker
    ? null // the primary answers for all
    : await startHealthServer({
        port: config.metricsPort,
        enableMetrics: config.enableMetrics,
        metrics: () => metrics.registry.metrics(),
        checks,
      });
  if (health) logger.info({ port: health.port }, 'Health and metrics are served');
  worker = await startWorker(config, logger, metrics, manager, (reason) => {
    waitsFor = reason;
    if (cluster.isWorker) tellPrimary(reason);
  });
  logger.info('The worker takes jobs');
  const stop = onShutdown({
    logger,
    timeoutMs: config.shutdownTimeoutMs,
    steps: [
      { name: 'drain jobs', run: async () => worker?.stop() },
      { name: 'export spans', run: () => tracing.stop() },
      { name: 'close health', run: async () => health?.close() },
    ],
  });
  if (cluster.isWorker) obeyPrimary(stop);
});
