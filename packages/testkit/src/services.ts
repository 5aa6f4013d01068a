import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { createConnection } from 'mongoose';

/** Thrown when a test asks for a service although Jest's global setup has not started any. */
export class NoTestServiceError extends Error {
  override readonly name = 'NoTestServiceError';
  readonly variable: string;

  constructor(variable: string) {
    super(`${variable} is not set: run the tests through Jest with the global setup of packages/testkit.`);
    this.variable = variable;
  }
}

/** Address of the MongoDB that all tests of this run share; choose a database with `testDatabaseName`. */
export function testMongoUri(): string {
  return published('CAMPAIGN_TEST_MONGODB_URI');
}

/** Address of the Redis that all tests of this run share; stay under a prefix of `testRedisPrefix`, and do not flush. */
export function testRedisUrl(): string {
  return published('CAMPAIGN_TEST_REDIS_URL');
}

/** A database name that no other call, process or run gets. The label helps those who look into the server. */
export function testDatabaseName(label: string): string {
  return `test_${unique(label)}`;
}

/** A prefix for keys, and for BullMQ's queues, that no other call, process or run gets. */
export function testRedisPrefix(label: string): string {
  return `test_${unique(label)}`;
}

/** Removes a database that a test made. */
export async function dropDatabase(name: string): Promise<void> {
  const connection = await createConnection(testMongoUri(), { dbName: name }).asPromise();
  try {
    await connection.dropDatabase();
  } finally {
    await connection.close();
  }
}

/** Removes all keys under a prefix. */
export async function dropKeys(prefix: string): Promise<void> {
  const redis = new Redis(testRedisUrl());
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}

function published(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new NoTestServiceError(variable);
  return value;
}

function unique(label: string): string {
  return `${label.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 40)}_${randomBytes(6).toString('hex')}`;
}
