import { type LocalService, startMongo, startRedis } from '@campaign-manager/local-stack';

/** Where MongoDB and Redis are; a fault that harms them brings its own. */
export interface Services {
  readonly mongodbUri: string;
  readonly redisUrl: string;
  /** Where the apps go instead, such as through a proxy; the suite itself goes the straight way. */
  readonly forApps?: { readonly mongodbUri?: string; readonly redisUrl?: string };
  /** Ends what was started for this world alone. */
  stop(): Promise<void>;
}

/** One MongoDB and one Redis for all faults that leave them alone; each world has a database and a prefix of its own. */
export interface SharedServices {
  /** Starts them at the first call. */
  get(): Promise<Services>;
  stop(): Promise<void>;
}

export function createSharedServices(): SharedServices {
  let starting: Promise<readonly LocalService[]> | undefined;
  return {
    get: async () => {
      starting ??= Promise.all([startMongo(), startRedis()]);
      const [mongo, redis] = await starting;
      return { mongodbUri: mongo?.uri ?? '', redisUrl: redis?.uri ?? '', stop: async () => undefined };
    },
    stop: async () => {
      const started = await starting?.catch(() => []);
      await Promise.all((started ?? []).map((service) => service.stop()));
    },
  };
}
