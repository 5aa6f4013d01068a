import pidusage from 'pidusage';
import type { Cpu } from './run.js';

export interface Usage {
  readonly cpu: Cpu;
  /** Memory of our largest process. */
  readonly bytes: number;
}

/** The services, by the ids of their processes. */
export interface Services {
  readonly mongo: { readonly pid?: number | undefined };
  readonly redis: { readonly pid?: number | undefined };
}

/** What the processes have used since they began: ours by their ids, MongoDB and Redis by the ids of the services. */
export async function usage({ mongo, redis }: Services, ours: readonly number[]): Promise<Usage> {
  const services = [mongo.pid, redis.pid].filter((pid) => pid !== undefined);
  const stats = await pidusage([...ours, ...services]);
  const seconds = (pid: number | undefined) => (pid === undefined ? 0 : (stats[pid]?.ctime ?? 0) / 1000);
  return {
    cpu: {
      ours: ours.reduce((sum, pid) => sum + seconds(pid), 0),
      mongodb: seconds(mongo.pid),
      redis: seconds(redis.pid),
    },
    bytes: Math.max(...ours.map((pid) => stats[pid]?.memory ?? 0)),
  };
}

/** The memory of one process, now. Bytes. */
export async function memoryOf(pid: number): Promise<number> {
  return (await pidusage(pid)).memory;
}

/** Seconds of all processes together. Pure. */
export function totalCpu({ ours, mongodb, redis }: Cpu): number {
  return ours + mongodb + redis;
}

export function cpuBetween(before: Cpu, after: Cpu): Cpu {
  return {
    ours: after.ours - before.ours,
    mongodb: after.mongodb - before.mongodb,
    redis: after.redis - before.redis,
  };
}
