import { AggregatorRegistry, type Registry } from 'prom-client';

/** In a worker of node:cluster: answers the primary's questions for this process's metrics. Call it once, early. */
export function shareMetrics(registry: Registry): void {
  AggregatorRegistry.setRegistries([registry]);
  new AggregatorRegistry();
}

/**
 * In the primary of node:cluster: a function that gives the summed metrics of all workers as Prometheus text. It rejects
 * where a worker does not answer within 5 s.
 */
export function collectClusterMetrics(): () => Promise<string> {
  const aggregate = new AggregatorRegistry();
  return () => aggregate.clusterMetrics();
}
