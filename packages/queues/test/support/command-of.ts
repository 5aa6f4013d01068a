import { Redis } from 'ioredis';

/** What one server answers to one command. */
export async function commandOf(uri: string, ...command: readonly [string, ...string[]]): Promise<unknown> {
  const redis = new Redis(uri);
  try {
    return await redis.call(...command);
  } finally {
    redis.disconnect();
  }
}
