import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoClient, MongoServerError } from 'mongodb';

const PRIMARY_TIMEOUT_MS = 30_000;
const ALREADY_INITIALIZED = 23;

export const REPLICA_SET = 'rs0';

/** Thrown when a replica set did not elect a primary in time. */
export class NoPrimaryError extends Error {
  override readonly name = 'NoPrimaryError';

  constructor() {
    super(`The replica set had no primary after ${PRIMARY_TIMEOUT_MS} ms.`);
  }
}

/**
 * Makes a lone `mongod --replSet` the primary of its set, and gives a set that remembers another address its present
 * one. Resolves when it takes writes.
 */
export async function formReplicaSet(uri: string, host: string): Promise<void> {
  const client = new MongoClient(uri);
  try {
    const admin = client.db('admin');
    await initiate(admin, host);
    await untilPrimary(admin);
  } finally {
    await client.close();
  }
}

async function initiate(admin: Db, host: string): Promise<void> {
  try {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== ALREADY_INITIALIZED) throw error;
    const { config } = await admin.command({ replSetGetConfig: 1 });
    if (config.members[0].host === host) return;
    const moved = { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] };
    await admin.command({ replSetReconfig: moved, force: true });
  }
}

async function untilPrimary(admin: Db): Promise<void> {
  const giveUpAt = performance.now() + PRIMARY_TIMEOUT_MS;
  while (performance.now() < giveUpAt) {
    const { isWritablePrimary } = await admin.command({ hello: 1 });
    if (isWritablePrimary === true) return;
    await delay(25);
  }
  throw new NoPrimaryError();
}
