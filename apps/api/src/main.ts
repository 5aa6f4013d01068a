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
import { type RunningApi, startApi } from './start-api.js';

runApp('api', async () => {
  const config = loadConfig();
  const logger = createLogger(config, { app: 'api' });
  for (const warning of config.warnings) logger.warn(warning);
  const tracing = await startTracing(config, { app: 'api', logger });
  const metrics = createMetrics(config);
  let running: RunningApi | undefined;
  let waitsFor = 'It is starting.';
  const checks = async (): Promise<Checks> => (running ? checkPorts(running) : { start: checkOf(waitsFor) });
  tellReadiness(metrics, 'api', checks);
  const health = await startHealthServer({
    port: config.metricsPort,
    enableMetrics: config.enableMetrics,
    metrics: () => metrics.registry.metrics(),
    checks,
  });
  logger.info({ port: health.port }, 'Health and metrics are served');
  running = await startApi(config, logger, metrics, (reason) => {
    waitsFor = reason;
  });
  logger.info({ url: running.url }, 'The api listens');
  if (running.inboundUrl !== null) logger.info({ url: running.inboundUrl }, 'Inbound mail is taken');
  onShutdown({
    logger,
    timeoutMs: config.shutdownTimeoutMs,
    steps: [
      { name: 'answer open requests', run: async () => running?.stop() },
      { name: 'export spans', run: () => tracing.stop() },
      { name: 'close health', run: () => health.close() },
    ],
  });
});
