import type { OnOperation } from '@campaign-manager/core/store';
import { timeCommands } from '@campaign-manager/queues';
import type { Metrics } from '@campaign-manager/runtime';

/** Shows in the metrics how long MongoDB and Redis take; answers what the store has to be connected with for that. */
export function timeStores(metrics: Metrics): { readonly onOperation: OnOperation } {
  timeCommands((command, seconds, failed) => {
    metrics.redisOperationSeconds.observe({ command }, seconds);
    if (failed) metrics.storeErrors.inc({ store: 'redis' });
  });
  return {
    onOperation: (command, seconds, failed) => {
      metrics.mongodbOperationSeconds.observe({ command }, seconds);
      if (failed) metrics.storeErrors.inc({ store: 'mongodb' });
    },
  };
}
