import { checkPorts } from '@campaign-manager/ports';
import {
  type Checks,
  checkOf,
  createLogger,
  createMetrics,
  loadConfig,
  onShutdown,
  runApp,
  startHealthServer,
  startTracing,
  tellReadiness,
} from '@campaign-manager/runtime';
import { startScheduler } from './start-scheduler.js';

runApp('scheduler', async () => {
  const config = loadConfig();
  const logger = createLogger(config, { app: 'scheduler' });
  for (const warning of config.warnings) logger.warn(warning);
  const tracing = await startTracing(config, { app: 'scheduler', logger });
  const metrics = createMetrics(config);
  let running: Awaited<ReturnType<typeof startScheduler>> | undefined;
  let waitsFor = 'It is starting.';
  const checks = async (): Promise<Checks> => (running ? checkPorts(running.context) : { start: checkOf(waitsFor) });
  tellReadiness(metrics, 'scheduler', checks);
  const health = await startHealthServer({
    port: config.metricsPort,
    enableMetrics: config.enableMetrics,
    metrics: () => metrics.registry.metrics(),
    checks,
  });
  logger.info({ port: health.port }, 'Health and metrics are served');
  running = await startScheduler(config, logger, metrics, (reason) => {
    waitsFor = reason;
  });
  logger.info({ interval_ms: config.pollingIntervalMs }, 'The scheduler polls');
  onShutdown({
    logger,
    timeoutMs: config.shutdownTimeoutMs,
    steps: [
      { name: 'stop polling', run: async () => running?.stop() },
      { name: 'export spans', run: () => tracing.stop() },
      { name: 'close health', run: () => health.close() },
    ],
  });
});
