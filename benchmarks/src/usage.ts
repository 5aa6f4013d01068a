import pidusage from 'pidusage';
import type { Bench, Cpu } from './run.js';

export interface Usage {
  readonly cpu: Cpu;
  /** Memory of our largest process. */
  readonly bytes: number;
}

/** What the processes have used since they began: ours by their ids, MongoDB and Redis by the ids of the services. */
export async function usage({ mongo, redis }: Pick<Bench, 'mongo' | 'redis'>, ours: readonly number[]): Promise<Usage> {
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

export function cpuBetween(before: Cpu, after: Cpu): Cpu {
  return {
    ours: after.ours - before.ours,
    mongodb: after.mongodb - before.mongodb,
    redis: after.redis - before.redis,
  };
}
