import type { Channel } from '@campaign-manager/channels';
import type { ChannelName } from '@campaign-manager/core/schemas';
import type { Store } from '@campaign-manager/core/store';
import type { Producers } from '@campaign-manager/queues';
import type { Clock, Config, Logger, Metrics } from '@campaign-manager/runtime';
import type { Dispatcher } from './delivery/dispatcher.js';
import type { Permits } from './permits.js';
import type { Templates } from './templates.js';

/** Everything a job handler works with; built once per process by `startWorker`. */
export interface WorkerContext {
  readonly config: Config;
  readonly store: Store;
  readonly producers: Producers;
  /** MongoDB's time. */
  readonly clock: Clock;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly dispatchers: ReadonlyMap<ChannelName, Dispatcher>;
  readonly templates: Templates;
  /** One permit for every conversation in flight. */
  readonly permits: Permits;
  readonly metrics: Metrics;
  readonly logger: Logger;
}
