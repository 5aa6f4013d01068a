import cluster from 'node:cluster';
import {
  type Config,
  checkOf,
  collectClusterMetrics,
  type Logger,
  onShutdown,
  startHealthServer,
} from '@campaign-manager/runtime';

/** A process that died is replaced after this pause, so that one that dies at once does not burn the machine. */
const RESTART_MS = 1000;

/** Runs `WORKER_THREADS` worker processes, replaces those that die, and serves the metrics of all of them together. */
export async function runPrimary(config: Config, logger: Logger): Promise<void> {
  let stopping = false;
  const ready = new Set<number>();
  const start = () => {
    const child = cluster.fork();
    child.on('message', (message: { type?: string }) => {
      if (message.type === 'ready') ready.add(child.id);
    });
  };
  cluster.on('exit', (child, code, signal) => {
    ready.delete(child.id);
    if (stopping) return;
    logger.error({ pid: child.process.pid, code, signal }, 'A worker process died; another one takes its place');
    setTimeout(() => stopping || start(), RESTART_MS);
  });
  for (let i = 0; i < config.workerThreads; i++) start();
  const health = await startHealthServer({
    port: config.metricsPort,
    enableMetrics: config.enableMetrics,
    metrics: collectClusterMetrics(),
    checks: () => ({ processes: checkOf(shortage(ready.size, config.workerThreads)) }),
  });
  logger.info({ port: health.port, processes: config.workerThreads }, 'Health and metrics are served');
  onShutdown({
    logger,
    timeoutMs: config.shutdownTimeoutMs,
    steps: [
      {
        name: 'stop worker processes',
        run: () => {
          stopping = true;
          return stopChildren();
        },
      },
      { name: 'close health', run: () => health.close() },
    ],
  });
}

function shortage(ready: number, wanted: number): string | null {
  return ready === wanted ? null : `${ready} of ${wanted} worker processes take jobs.`;
}

async function stopChildren(): Promise<void> {
  const children = Object.values(cluster.workers ?? {}).filter((child) => child !== undefined);
  await Promise.all(
    children.map((child) => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.process.kill('SIGTERM');
      return gone;
    }),
  );
}
