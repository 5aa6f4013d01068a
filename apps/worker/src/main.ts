import cluster from 'node:cluster';
import { redisFault } from '@campaign-manager/queues';
import {
  clusterMetrics,
  createLogger,
  createMetrics,
  loadConfig,
  onShutdown,
  runApp,
  startHealthServer,
} from '@campaign-manager/runtime';
import { runPrimary } from './cluster.js';
import { startWorker } from './start-worker.js';

runApp('worker', async () => {
  const config = loadConfig();
  const logger = createLogger(config, { app: 'worker' });
  for (const warning of config.warnings) logger.warn(warning);
  if (config.workerThreads > 1 && cluster.isPrimary) {
    await runPrimary(config, logger, clusterMetrics);
    return;
  }
  const metrics = createMetrics(config);
  let ready = false;
  const health = cluster.isPrimary
    ? await startHealthServer({
        port: config.metricsPort,
        enableMetrics: config.enableMetrics,
        metrics: () => metrics.registry.metrics(),
        checks: () => (ready ? checks() : { start: { ok: false, reason: 'starting' } }),
      })
    : null;
  if (health) logger.info({ port: health.port }, 'Health and metrics are served');
  const worker = await startWorker(config, logger, metrics);
  ready = true;
  logger.info('The worker takes jobs');
  process.send?.({ type: 'ready' });

  async function checks() {
    const { store, producers, clock } = worker.context;
    const skew = clock.skewed();
    const mongodb = await store.serverTime().then(() => null, String);
    const redis = await redisFault(producers.redis).catch(String);
    return Object.fromEntries(
      Object.entries({ mongodb, redis, clock: skew }).map(([name, reason]) => [
        name,
        reason === null ? { ok: true } : { ok: false, reason },
      ]),
    );
  }

  onShutdown({
    logger,
    timeoutMs: config.shutdownTimeoutMs,
    steps: [
      { name: 'drain jobs', run: () => worker.stop() },
      { name: 'close health', run: async () => health?.close() },
    ],
  });
});
