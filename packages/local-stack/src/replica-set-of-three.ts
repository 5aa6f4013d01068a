import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { type MortalService, startMortalMember } from './mortal.js';
import { NoPrimaryError, REPLICA_SET } from './replica-set.js';

const MEMBERS = 3;
const PRIMARY_TIMEOUT_MS = 30_000;
/** So that a set that lost its primary has another one within seconds, not after MongoDB's 10. */
const SETTINGS = { electionTimeoutMillis: 2000, heartbeatIntervalMillis: 500 };
/** A primary that stepped down does not stand again for so long. */
const STEP_DOWN_S = 10;

/** A replica set of three members on this machine, each of which can be lost. */
export interface ReplicaSet {
  /** Names all members, so that the driver follows the primary. */
  readonly uri: string;
  /**
   * The primary gives up at once, without waiting for the others to catch up, and does not stand again for 10 s;
   * resolves when there is another one.
   */
  stepDown(): Promise<void>;
  /** SIGKILL to the primary; resolves when there is another one, with the function that brings the killed one back. */
  killPrimary(): Promise<() => Promise<void>>;
  /** Ends all members and removes their data. */
  stop(): Promise<void>;
}

/** @throws NoPrimaryError where none is elected within 30 s. */
export async function startReplicaSet(): Promise<ReplicaSet> {
  const starting = await Promise.allSettled(Array.from({ length: MEMBERS }, startMortalMember));
  const members = starting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => void (await Promise.all(members.map((member) => member.stop())));
  try {
    const failed = starting.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    await initiate(members);
    await otherPrimary(members);
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    uri: `mongodb://${members.map(host).join(',')}/?replicaSet=${REPLICA_SET}`,
    stepDown: async () => {
      const primary = await otherPrimary(members);
      // Older servers break the connection instead of answering.
      await admin(primary, { replSetStepDown: STEP_DOWN_S, force: true }).catch(() => undefined);
      await otherPrimary(members, primary);
    },
    killPrimary: async () => {
      const primary = await otherPrimary(members);
      await primary.kill();
      await otherPrimary(members, primary);
      return () => primary.revive();
    },
    stop,
  };
}

function host({ port }: MortalService): string {
  return `127.0.0.1:${port}`;
}

async function initiate(members: readonly MortalService[]): Promise<void> {
  const [first] = members;
  const config = {
    _id: REPLICA_SET,
    members: members.map((member, _id) => ({ _id, host: host(member) })),
    settings: SETTINGS,
  };
  if (first) await admin(first, { replSetInitiate: config });
}

/** The member that takes writes; not `former`, which may not know yet that it is none any more. */
async function otherPrimary(members: readonly MortalService[], former?: MortalService): Promise<MortalService> {
  const giveUpAt = performance.now() + PRIMARY_TIMEOUT_MS;
  while (performance.now() < giveUpAt) {
    for (const member of members) {
      if (member !== former && (await isPrimary(member))) return member;
    }
    await delay(50);
  }
  throw new NoPrimaryError();
}

function isPrimary(member: MortalService): Promise<boolean> {
  return admin(member, { hello: 1 }).then(
    ({ isWritablePrimary }) => isWritablePrimary === true,
    () => false,
  );
}

async function admin({ uri }: MortalService, command: object) {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1000, connectTimeoutMS: 1000 });
  try {
    return await client.db('admin').command({ ...command });
  } finally {
    await client.close();
  }
}
