import { Cluster } from 'ioredis';

export type ClusterArguments = ConstructorParameters<typeof Cluster<'legacy'>>;

/**
 * A connection to a cluster that can be begun anew at any moment, and so can its duplicates. BullMQ does that to the one
 * that waits for jobs, whenever a wait does not end, and itself waits for `end` and `connect` as long as it takes. ioredis
 * alone may tell neither, and the worker then takes no further job, when a master is lost in that moment:
 *
 * - `connect` is forgotten where the check for readiness finds the cluster without a master. Without that check it ends, and
 *   commands wait for the cluster themselves.
 * - `end` is not told where an answer that was on its way (`MOVED`) adds a node to those that were just disconnected.
 */
export function createWorkerCluster(nodes: ClusterArguments[0], options: ClusterArguments[1]): Cluster {
  const cluster = new Cluster(nodes, { ...options, enableReadyCheck: false });
  cluster.on('+node', (node) => {
    if (cluster.status === 'disconnecting') node.disconnect();
  });
  const duplicate = (others: ClusterArguments[0] = [], more: ClusterArguments[1] = {}) =>
    createWorkerCluster(others.length > 0 ? others : nodes, { ...options, ...more });
  return Object.assign(cluster, { duplicate: duplicate as Cluster['duplicate'] });
}
