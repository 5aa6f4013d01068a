import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import type { LocalService } from './local-service.js';
import { startMember, startMongo } from './mongo.js';
import { startClusterNode, startRedis } from './redis.js';

/** A server that can be killed and comes back under the same address. */
export interface MortalService {
  readonly uri: string;
  readonly port: number;
  /** SIGKILL; resolves when the process is gone. Nothing happens where it is gone already. */
  kill(): Promise<void>;
  /** Starts it again, on the same port; resolves when it answers. Nothing happens where it lives. */
  revive(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** A MongoDB that finds its data again after it was killed: what it acknowledged with journal is still there. */
export function startMortalMongo(): Promise<MortalService> {
  return withFolder((dataDir, port) => startMongo({ dataDir, port, asProcess: true }));
}

/** A member of a replica set that somebody else forms. */
export function startMortalMember(): Promise<MortalService> {
  return withFolder((dataDir, port) => startMember({ dataDir, port }));
}

/** A Redis that forgets everything when it is killed. */
export async function startMortalRedis(): Promise<MortalService> {
  return mortal((port) => startRedis({ port, asProcess: true }));
}

/** A node of a cluster that somebody else forms. Killed, it forgets everything, the cluster as well. */
export async function startMortalClusterNode(busPort: number): Promise<MortalService> {
  return mortal((port) => startClusterNode({ port, busPort }));
}

async function withFolder(start: (dataDir: string, port: number) => Promise<LocalService>): Promise<MortalService> {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-manager-mortal-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const service = await mortal((port) => start(folder, port));
    return { ...service, stop: () => service.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function mortal(start: (port: number) => Promise<LocalService>): Promise<MortalService> {
  const port = await freePort();
  const first = await start(port);
  let living: LocalService | undefined = first;

  const end = async (signal?: 'SIGKILL') => {
    const ending = living;
    living = undefined;
    if (signal !== undefined && ending?.pid !== undefined) process.kill(ending.pid, signal);
    await ending?.stop();
  };
  return {
    uri: first.uri,
    port,
    kill: () => end('SIGKILL'),
    revive: async () => {
      living ??= await start(port);
    },
    stop: () => end(),
  };
}
