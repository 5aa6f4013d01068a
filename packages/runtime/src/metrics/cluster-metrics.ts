import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';

type Snapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

const QUESTION = 'campaign-manager:metrics?';
const ANSWER = 'campaign-manager:metrics';

interface Question {
  readonly type: typeof QUESTION;
  readonly id: number;
}

interface Answer {
  readonly type: typeof ANSWER;
  readonly id: number;
  /** Null where they could not be read. */
  readonly snapshot: Snapshot | null;
}

/** A process reads its own within 2 s; the whole must end before Prometheus's 10 s. */
const ANSWER_WITHIN_MS = 4000;

/** In a worker of node:cluster: answers the primary's questions for this process's metrics. Call it once, early. */
export function shareMetrics(registry: Registry): void {
  process.on('message', async ({ type, id }: Question) => {
    if (type !== QUESTION) return;
    const snapshot = await registry.getMetricsAsJSON().catch(() => null);
    if (process.connected) process.send?.({ type: ANSWER, id, snapshot } satisfies Answer);
  });
}

/**
 * In the primary of node:cluster, before it forks: a function that gives the primary's own metrics and those of all
 * workers, aggregated, as Prometheus text. A worker that does not answer within 4 s has no gauges; its counts stay as
 * they were last seen, and those of a worker that died stay for good: a sum that fell would look to Prometheus like a
 * counter that began anew, and all that the others ever counted like an increase.
 */
export function collectClusterMetrics(own: Registry, withinMs = ANSWER_WITHIN_MS): () => Promise<string> {
  const counts = new Map<number, Snapshot>();
  let ofTheDead: Promise<Snapshot> = Promise.resolve([]);
  let questions = 0;

  cluster.on('exit', ({ id }) => {
    const last = counts.get(id);
    if (!last) return;
    counts.delete(id);
    ofTheDead = ofTheDead.then((sum) => AggregatorRegistry.aggregate([sum, last]).getMetricsAsJSON());
  });

  return async () => {
    const id = questions++;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const gauges = await Promise.all(
      workers.map(async (worker) => {
        const snapshot = await ask(worker, id, withinMs);
        if (snapshot) counts.set(worker.id, snapshot.filter(isCount));
        return snapshot?.filter((metric) => !isCount(metric)) ?? [];
      }),
    );
    const living = [...counts.values()]; // in one turn with the dead: nobody is both, or neither
    const [ours, dead] = await Promise.all([own.getMetricsAsJSON(), ofTheDead]);
    return AggregatorRegistry.aggregate([ours, dead, ...living, ...gauges]).metrics();
  };
}

/** Whether it only ever grows. The library declares its types as numbers, and has them as words. */
function isCount({ type }: Snapshot[number]): boolean {
  return ['counter', 'histogram'].includes(String(type));
}

/** Null where it does not answer in time, or never will. */
function ask(worker: Worker, id: number, withinMs: number): Promise<Snapshot | null> {
  return new Promise((resolve) => {
    const end = (snapshot: Snapshot | null) => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      resolve(snapshot);
    };
    const onMessage = (answer: Answer) => {
      if (answer.type === ANSWER && answer.id === id) end(answer.snapshot);
    };
    const onExit = () => end(null);
    const timer = setTimeout(end, withinMs, null);
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    worker.send({ type: QUESTION, id } satisfies Question, (error) => error && end(null));
  });
}
