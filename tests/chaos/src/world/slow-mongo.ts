import { startTcpProxy } from '@campaign-manager/testkit';
import type { Services } from './services.js';

/**
 * The shared services, with a MongoDB that takes `ms` longer each way: it widens every window between two of its answers,
 * such as the one between claim, gate and wire, so that races hit it.
 */
export async function slowMongo(shared: () => Promise<Services>, ms: number): Promise<Services> {
  const { mongodbUri, redisUrl } = await shared();
  const proxy = await startTcpProxy(mongodbUri);
  proxy.slow(ms);
  return { mongodbUri: proxy.uri, redisUrl, stop: () => proxy.close() };
}
