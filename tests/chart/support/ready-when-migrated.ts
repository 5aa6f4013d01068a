import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.js';

const PERIOD_MS = 500;

export interface Ready {
  /** How many pods of apps were ever seen ready without being told, which they must never be. */
  readonly untold: () => number;
  /** Rejects where looking failed. */
  readonly stop: () => Promise<void>;
}

interface Listed {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: { readonly [name: string]: string };
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/**
 * Plays the part of the apps that simulated pods do not run: it lets each of them become ready (`stages.yaml`) when the
 * migration in its namespace has ended well, and not before.
 */
export function readyWhenMigrated({ kubectl, tryKubectl }: Cluster): Ready {
  const stopping = new AbortController();
  let untold = 0;

  async function list(kind: string, selector: string): Promise<readonly Listed[]> {
    const args = ['get', kind, '--all-namespaces', '--selector', selector, '--output', 'json'];
    return (JSON.parse(await kubectl(...args)) as { readonly items: readonly Listed[] }).items;
  }

  async function look(): Promise<void> {
    const pods = await list('pods', 'campaign-manager/metrics=true');
    const jobs = await list('jobs', 'app.kubernetes.io/component=migration');
    const migrated = jobs.filter((job) => is(job, 'Complete')).map(({ metadata }) => metadata.namespace);
    const waiting = pods.filter((pod) => pod.metadata.annotations?.['test/migrated'] === undefined);
    untold = Math.max(untold, waiting.filter((pod) => is(pod, 'Ready')).length);
    for (const namespace of new Set(migrated)) {
      const mine = waiting.filter(({ metadata }) => metadata.namespace === namespace);
      if (mine.length === 0) continue;
      const names = mine.map(({ metadata }) => metadata.name);
      // One of them may have gone since the look: the next look sees to the others.
      await tryKubectl('--namespace', namespace, 'annotate', 'pods', ...names, 'test/migrated=true');
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look();
      await delay(PERIOD_MS);
    }
  }

  const watching = watch();
  watching.catch(() => undefined); // told by `stop`
  return {
    untold: () => untold,
    stop: () => {
      stopping.abort();
      return watching;
    },
  };
}

function is({ status }: Listed, type: string): boolean {
  return status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}
