import { type AddressInfo, isIPv6 } from 'node:net';
import { BOOTSTRAP_KEY, type Store, saveApiKey, withdrawOtherKeys } from '@campaign-manager/core/store';
import { closePorts, connectPorts, type Waits } from '@campaign-manager/ports';
import type { Producers } from '@campaign-manager/queues';
import { type Clock, type Config, type Logger, listenOn, type Metrics } from '@campaign-manager/runtime';
import { SCOPES } from './auth/scopes.js';
import { createServer } from './create-server.js';
import { startInbound } from './inbound/start-inbound.js';

export interface RunningApi {
  readonly store: Store;
  readonly producers: Producers;
  readonly clock: Clock;
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Where it takes inbound mail; null where it does not. */
  readonly inboundUrl: string | null;
  /** Takes no further requests, answers those under way, closes every connection. */
  stop(): Promise<void>;
}

/**
 * Connects the api to MongoDB and Redis, and listens on API_HOST and API_PORT.
 * @throws PortError where one of its ports is taken or may not be opened.
 */
export async function startApi(config: Config, logger: Logger, metrics: Metrics, waits?: Waits): Promise<RunningApi> {
  const ports = await connectPorts(config, logger, metrics, 'api', waits);
  const { store, producers, clock } = ports;
  if (config.apiBootstrapKey !== undefined) {
    await saveApiKey(store, config.apiBootstrapKey, BOOTSTRAP_KEY, SCOPES, new Date(clock.now()));
    await withdrawOtherKeys(store, config.apiBootstrapKey, BOOTSTRAP_KEY);
  }
  const server = await createServer(ports);
  const { apiHost: host, apiPort: port } = config;
  await listenOn('API_PORT', port, server.listen({ host, port }));
  const inbound = await startInbound(ports);
  return {
    store,
    producers,
    clock,
    url: urlOf(server.server.address() as AddressInfo),
    inboundUrl: inbound?.url ?? null,
    stop: async () => {
      await Promise.all([server.close(), inbound?.stop()]);
      await closePorts(ports);
    },
  };
}

function urlOf({ address, port }: AddressInfo): string {
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
