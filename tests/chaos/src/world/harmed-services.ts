import type { ReplicaSet } from '@campaign-manager/local-stack';
import { type MortalService, startMortalMongo, startMortalRedis, startReplicaSet } from '@campaign-manager/local-stack';
import { startTcpProxy, type TcpProxy } from '@campaign-manager/testkit';
import type { Services } from './services.js';

type Shared = () => Promise<Services>;

/** A service of this world alone, with a bad network before it. */
export interface Harmed extends Services {
  readonly victim: MortalService;
  readonly proxy: TcpProxy;
}

/** A Redis that keeps nothing, can be killed, and is reached by the apps through a proxy. */
export async function harmedRedis(shared: Shared): Promise<Harmed> {
  const { mongodbUri } = await shared();
  const { victim, proxy, stop } = await behindProxy(startMortalRedis());
  return { mongodbUri, redisUrl: victim.uri, forApps: { redisUrl: proxy.uri }, victim, proxy, stop };
}

/** A MongoDB that can be killed. The proxy before it is for whom a fault sends through it. */
export async function harmedMongo(shared: Shared): Promise<Harmed> {
  const { redisUrl } = await shared();
  const { victim, proxy, stop } = await behindProxy(startMortalMongo());
  return { mongodbUri: victim.uri, redisUrl, victim, proxy, stop };
}

/** All apps reach this MongoDB through its proxy. */
export async function distantMongo(shared: Shared): Promise<Harmed> {
  const services = await harmedMongo(shared);
  return { ...services, forApps: { mongodbUri: services.proxy.uri } };
}

/** Three members of MongoDB. */
export async function threeMembers(shared: Shared): Promise<Services & { readonly members: ReplicaSet }> {
  const { redisUrl } = await shared();
  const members = await startReplicaSet();
  return { mongodbUri: members.uri, redisUrl, members, stop: () => members.stop() };
}

async function behindProxy(starting: Promise<MortalService>) {
  const victim = await starting;
  const proxy = await startTcpProxy(victim.uri);
  const stop = async () => {
    await proxy.close();
    await victim.stop();
  };
  return { victim, proxy, stop };
}
