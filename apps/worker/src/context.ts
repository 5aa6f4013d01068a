import type { Channel } from '@campaign-manager/channels';
import type { CampaignManager } from '@campaign-manager/core/manager';
import type { ChannelName } from '@campaign-manager/core/schemas';
import type { Ports } from '@campaign-manager/ports';
import type { Dispatcher } from './delivery/dispatcher.js';
import type { Permits } from './permits.js';
import type { Templates } from './templates.js';

/** Everything a job handler works with; built once per process by `startWorker`. */
export interface WorkerContext extends Ports {
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly dispatchers: ReadonlyMap<ChannelName, Dispatcher>;
  readonly templates: Templates;
  /** One permit for every conversation in flight. */
  readonly permits: Permits;
  /** Custom logic, where a module is configured. */
  readonly manager?: CampaignManager;
}
