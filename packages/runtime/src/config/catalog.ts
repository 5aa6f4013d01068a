import type { Variables } from './variable.js';
import { apiVariables } from './variables/api.js';
import { campaignVariables } from './variables/campaigns.js';
import { channelVariables } from './variables/channels.js';
import { cliVariables } from './variables/cli.js';
import { mailVariables } from './variables/mail.js';
import { observabilityVariables } from './variables/observability.js';
import { protectionVariables } from './variables/protection.js';
import { serviceVariables } from './variables/services.js';
import { tracingVariables } from './variables/tracing.js';
import { workerVariables } from './variables/worker.js';

/** All variables in the order of the documentation. */
export const GROUPS = [
  { title: 'Campaigns', variables: campaignVariables },
  { title: 'MongoDB and Redis', variables: serviceVariables },
  { title: 'Processes', variables: workerVariables },
  { title: 'Logs and metrics', variables: observabilityVariables },
  { title: 'Traces', variables: tracingVariables },
  { title: 'API', variables: apiVariables },
  { title: 'Channels', variables: channelVariables },
  { title: 'Replies by mail and links', variables: mailVariables },
  { title: 'Protection of channels', variables: protectionVariables },
  { title: 'Command line', variables: cliVariables },
] as const satisfies readonly { readonly title: string; readonly variables: Variables }[];

/** Every variable by its name in `Config`. */
export const CATALOG = {
  ...campaignVariables,
  ...serviceVariables,
  ...workerVariables,
  ...observabilityVariables,
  ...tracingVariables,
  ...apiVariables,
  ...channelVariables,
  ...mailVariables,
  ...protectionVariables,
  ...cliVariables,
} as const;

export type Catalog = typeof CATALOG;
