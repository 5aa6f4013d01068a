import type { System } from '../system/start-system.js';

/** What to say of a system: how to call commands that use its services, and where its health and metrics are. */
type Addresses = Pick<System, 'mongo' | 'redis' | 'metricsPorts'>;

/**
 * Lines that tell where the services of a system are. `given` is the environment: an address that stands in it serves
 * every other command already, and may hold a password, so it is not told. Pure.
 */
export function serviceLines(
  { mongo, redis, metricsPorts }: Addresses,
  given: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const addresses = [
    ...(given['MONGODB_URI'] ? [] : [`MONGODB_URI='${mongo.uri}'`]),
    ...(given['REDIS_URL'] ? [] : [`REDIS_URL='${redis.uri}'`]),
  ];
  const ports = [...metricsPorts].map(([label, port]) => `${label} ${port}`);
  return [
    'Commands that use MongoDB or Redis themselves, such as doctor, need their addresses:',
    '',
    `  ${[...addresses, 'npx campaign doctor'].join(' ')}`,
    '',
    `/health/ready and /metrics are on the ports: ${ports.join(', ')}.`,
  ];
}
