import type { Store } from '@campaign-manager/core/store';
import type { Producers } from '@campaign-manager/queues';
import type { Clock, Config, Logger, Metrics } from '@campaign-manager/runtime';

/** The outside world of a worker process. */
export interface Ports {
  readonly config: Config;
  readonly store: Store;
  readonly producers: Producers;
  /** MongoDB's time. */
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
}
