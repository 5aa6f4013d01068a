import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { type MortalService, startMortalClusterNode } from './mortal.js';

const MASTERS = 3;
const SLOTS = 16_384;
const TIMEOUT_MS = 30_000;

/** A Redis Cluster of three masters, each with a replica, on this machine. */
export interface RedisCluster {
  /** Names all nodes. */
  readonly uri: string;
  /** Of each node, in no particular order. */
  readonly uris: readonly string[];
  /** Gives the slots to the masters, where that was left open; resolves when every node finds the cluster whole. */
  form(): Promise<void>;
  /** SIGKILL to the master that holds this key; resolves when its replica has taken its place. */
  killMasterOf(key: string): Promise<void>;
  /** Ends all nodes. */
  stop(): Promise<void>;
}

/** Thrown where the nodes do not become a cluster, or no replica takes over, within 30 s. */
export class NoClusterError extends Error {
  override readonly name = 'NoClusterError';

  constructor(wanted: string) {
    super(`The nodes of the Redis Cluster did not agree within ${TIMEOUT_MS} ms: ${wanted}.`);
  }
}

interface Node {
  readonly service: MortalService;
  readonly busPort: number;
  readonly redis: Redis;
}

/** @param formed false leaves the nodes strangers to each other until `form`. */
export async function startRedisCluster({ formed = true } = {}): Promise<RedisCluster> {
  const starting = await Promise.allSettled(Array.from({ length: 2 * MASTERS }, startNode));
  const nodes = starting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => {
    for (const { redis } of nodes) redis.disconnect();
    await Promise.all(nodes.map(({ service }) => service.stop()));
  };
  try {
    const failed = starting.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    if (formed) await form(nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  const uris = nodes.map(({ service }) => service.uri);
  let living: readonly Node[] = nodes;
  return {
    uri: `redis://${uris.map((uri) => new URL(uri).host).join(',')}`,
    uris,
    form: () => form(nodes),
    killMasterOf: async (key) => {
      living = await killMasterOf(living, key);
    },
    stop,
  };
}

async function startNode(): Promise<Node> {
  const busPort = await freePort();
  const service = await startMortalClusterNode(busPort);
  const redis = new Redis(service.uri);
  redis.on('error', () => undefined); // it may be killed
  return { service, busPort, redis };
}

async function form(nodes: readonly Node[]): Promise<void> {
  const [first, ...others] = nodes;
  const masters = nodes.slice(0, MASTERS);
  await Promise.all(
    masters.map(async ({ redis }, i) => {
      await redis.cluster('SET-CONFIG-EPOCH', i + 1);
      await redis.call('CLUSTER', 'ADDSLOTSRANGE', firstSlot(i), firstSlot(i + 1) - 1);
    }),
  );
  for (const { redis } of others) {
    await redis.call('CLUSTER', 'MEET', '127.0.0.1', first?.service.port ?? 0, first?.busPort ?? 0);
  }
  await untilAll('they know each other', nodes, async ({ redis }) => (await facts(redis)).known === nodes.length);
  await Promise.all(
    nodes.slice(MASTERS).map(async ({ redis }, i) => {
      const id = await masters[i]?.redis.cluster('MYID');
      await redis.cluster('REPLICATE', String(id));
    }),
  );
  await untilAll('they find it whole', nodes, async ({ redis }) => (await facts(redis)).ok);
  await untilAll('replicas are in step', nodes.slice(MASTERS), async ({ redis }) =>
    /master_link_status:up/.test(await redis.info('replication')),
  );
}

function firstSlot(master: number): number {
  return Math.floor((master * SLOTS) / MASTERS);
}

/** Answers the nodes that are left. */
async function killMasterOf(nodes: readonly Node[], key: string): Promise<readonly Node[]> {
  const [asked] = nodes;
  const slot = Number(await asked?.redis.cluster('KEYSLOT', key));
  const master = await masterOf(nodes, slot);
  const others = nodes.filter((node) => node !== master);
  master?.redis.disconnect();
  await master?.service.kill();
  await untilAll('a replica takes over', others, async (node) => {
    const port = await masterPortOf(node, slot);
    return port !== master?.service.port && (await facts(node.redis)).ok;
  });
  return others;
}

async function masterOf(nodes: readonly Node[], slot: number): Promise<Node | undefined> {
  const port = nodes[0] && (await masterPortOf(nodes[0], slot));
  return nodes.find(({ service }) => service.port === port);
}

/** https://redis.io/docs/latest/commands/cluster-slots/: from, to, its master, its replicas; of each address and port. */
async function masterPortOf({ redis }: Node, slot: number): Promise<number | undefined> {
  const ranges = (await redis.cluster('SLOTS')) as unknown as [number, number, [string, number]][];
  return ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1];
}

async function facts(redis: Redis): Promise<{ readonly ok: boolean; readonly known: number }> {
  const info = String(await redis.cluster('INFO'));
  return { ok: /cluster_state:ok/.test(info), known: Number(/cluster_known_nodes:(\d+)/.exec(info)?.[1]) };
}

async function untilAll(what: string, nodes: readonly Node[], holds: (node: Node) => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + TIMEOUT_MS;
  for (const node of nodes) {
    while (!(await holds(node))) {
      if (performance.now() > giveUpAt) throw new NoClusterError(what);
      await delay(50);
    }
  }
}
