import { checkConfiguration } from './check-configuration.js';
import { checkMongodb } from './check-mongodb.js';
import { checkRedis } from './check-redis.js';
import { checkSmtp } from './check-smtp.js';
import type { Finding } from './finding.js';
import { checkNode } from './versions.js';

/** Everything that the system needs from outside, looked at from here. Services only where the configuration is sound. */
export async function examine(env: Readonly<NodeJS.ProcessEnv>): Promise<readonly Finding[]> {
  const node = checkNode(process.versions.node);
  const { config, findings } = checkConfiguration(env);
  if (!config) return [node, ...findings];
  const [mongodb, redis, smtp] = await Promise.all([checkMongodb(config), checkRedis(config), checkSmtp(config)]);
  return [node, ...findings, ...mongodb, redis, smtp];
}
