import cluster from 'node:cluster';
import {
  type Config,
  checkOf,
  collectClusterMetrics,
  createMetrics,
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
  let waitsFor = '';
  const start = () => {
    const child = cluster.fork();
    child.on('message', (message: { type?: string; reason?: string }) => {
      if (message.type === 'ready') ready.add(child.id);
      if (message.type === 'waits') waitsFor = message.reason ?? '';
    });
  };
  cluster.on('exit', (child, code, signal) => {
    ready.delete(child.id);
    if (stopping) return;
    logger.error({ pid: child.process.pid, code, signal }, 'A worker process died; another one takes its place');
    setTimeout(() => stopping || start(), RESTART_MS);
  });
  const metrics = createMetrics({ enableMetrics: false });
  metrics.processes.set({ app: 'worker' }, 0); // the primary takes no jobs
  metrics.processesExpected.set({ app: 'worker' }, config.workerThreads);
  const health = await startHealthServer({
    port: config.metricsPort,
    enableMetrics: config.enableMetrics,
    metrics: collectClusterMetrics(metrics.registry),
    checks: () => ({ processes: checkOf(shortage(ready.size, config.workerThreads, waitsFor)) }),
  });
  logger.info({ port: health.port, processes: config.workerThreads }, 'Health and metrics are served');
  for (let i = 0; i < config.workerThreads; i++) start(); // not before the port is ours: nobody has to be ended then
  onShutdown({
    logger,
    timeoutMs: config.shutdownTimeoutMs,
    steps: [
      {
        name: 'stop worker processes',
        run: () => {
          stopping = true;
          return stopChildren(ready);
        },
      },
      { name: 'close health', run: () => health.close() },
    ],
  });
}

/** In a worker process: tells the primary that it takes jobs, and stops when the primary says so. */
export function obeyPrimary(stop: (reason: string) => Promise<void>): void {
  process.on('message', (message: { type?: string }) => {
    if (message.type === 'stop') void stop('the primary stops');
  });
  process.send?.({ type: 'ready' });
}

/** In a worker process: tells the primary, which answers for its readiness, what it waits for. */
export function tellPrimary(reason: string): void {
  process.send?.({ type: 'waits', reason });
}

function shortage(ready: number, wanted: number, waitsFor: string): string | null {
  return ready === wanted ? null : `${ready} of ${wanted} worker processes take jobs. ${waitsFor}`.trim();
}

/** Thrown when a worker process did not finish what it had begun. */
class UnfinishedError extends Error {
  override readonly name = 'UnfinishedError';
}

/**
 * Asks by message, since a signal may have reached the whole group already (Ctrl-C, systemd), and a second one makes a
 * process exit at once. One that is still starting has nothing to finish: a signal ends it.
 */
async function stopChildren(ready: ReadonlySet<number>): Promise<void> {
  const children = Object.values(cluster.workers ?? {}).filter((child) => child !== undefined);
  const codes = await Promise.all(
    children.map(async (child) => {
      const begun = ready.has(child.id);
      const gone = new Promise<number>((resolve) => child.once('exit', resolve));
      if (!begun) child.process.kill('SIGTERM');
      else if (child.isConnected()) child.send({ type: 'stop' });
      const code = await gone;
      return begun ? code : 0;
    }),
  );
  const unfinished = codes.filter((code) => (code ?? 0) !== 0).length;
  if (unfinished > 0) throw new UnfinishedError(`${unfinished} worker processes left work unfinished.`);
}
