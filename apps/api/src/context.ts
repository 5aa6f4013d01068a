import type { Store } from '@campaign-manager/core/store';
import type { Producers } from '@campaign-manager/queues';
import type { Clock, Config, Logger, Metrics } from '@campaign-manager/runtime';

/** What the api needs of the configuration. */
type ApiConfig = Pick<
  Config,
  | 'redisPrefix'
  | 'maxBatchSize'
  | 'stageDelayFactor'
  | 'metricsTtlMs'
  | 'defaultChannel'
  | 'notifiers'
  | 'apiBootstrapKey'
  | 'linkSecret'
  | 'queuesWritable'
>;

/** The outside world of the api; injected, so that tests bring their own. */
export interface ApiContext {
  readonly config: ApiConfig;
  readonly store: Store;
  readonly producers: Producers;
  /** MongoDB's time, in milliseconds. */
  readonly clock: Pick<Clock, 'now'>;
  readonly metrics: Pick<Metrics, 'httpRequestSeconds' | 'responses'>;
  readonly logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
}
