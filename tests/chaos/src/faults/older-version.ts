import { readFileSync } from 'node:fs';
import type { Fault } from '../fault.js';
import { parseSnapshot, restoreSnapshot, type Snapshot } from '../past/snapshot.js';
import { accept } from '../world/client.js';
import { type JobPlace, waitingJobs } from '../world/job-trouble.js';
import type { World } from '../world/world.js';

/** Recorded by `src/past/record.ts`. */
const FIXTURE = new URL('../../fixtures/753277c.json', import.meta.url);

/**
 * Every process of an older version is killed in the middle of its work, and this version takes over: the documents, the
 * jobs in Redis, and what the customers' mail server had accepted by then.
 */
export const olderVersion: Fault = {
  name: 'older-version',
  about: 'documents and jobs that an older version left behind when it was killed (recorded)',
  plan: () => {
    const snapshot = parseSnapshot(readFileSync(FIXTURE, 'utf8'));
    const inTheAir = rows(snapshot).filter(({ status }) => status === 'sending' || status === 'unknown').length;
    return {
      loads: snapshot.loads,
      launchesItself: true,
      world: { before: (ground) => restoreSnapshot(ground, snapshot) },
      acknowledged: new Map(
        documents<{ _id: string; conversation_id: string }>(snapshot, 'responses').map((one) => [
          one._id,
          one.conversation_id,
        ]),
      ),
      inject: async (world) => {
        world.struck();
        for (const { _id, status } of documents<{ _id: string; status: string }>(snapshot, 'campaigns')) {
          if (status === 'paused') accept(await world.client.post(`/v1/campaigns/${_id}/resume`, {}), 'the resumption');
        }
        await jobsAreDone(world, snapshot);
      },
      allowance: () => ({ unknownAtMost: inTheAir, cancelled: cancelledOf(snapshot) }),
      check: escalationsToldOf,
    };
  },
};

/** Waits until no job of the snapshot is left: each was taken by a handler of ours and made sense to it. */
async function jobsAreDone(world: World, snapshot: Snapshot): Promise<void> {
  const recorded = new Set(snapshot.keys.map(({ name }) => `${world.prefix}${name}`));
  const isLeft = ({ key }: JobPlace) => recorded.has(key);
  while ((await waitingJobs(world)).some(isLeft)) await world.wait(250);
}

async function escalationsToldOf({ db }: World): Promise<string[]> {
  const untold = await db.collection<{ _id: string }>('escalations').find({ notified_at: null }).toArray();
  return untold.map(({ _id }) => `nobody was told of the escalation ${_id}`);
}

function cancelledOf(snapshot: Snapshot): Set<string> {
  const campaigns = documents<{ _id: string; status: string }>(snapshot, 'campaigns');
  return new Set(campaigns.filter(({ status }) => status === 'cancelled').map(({ _id }) => _id));
}

function rows(snapshot: Snapshot) {
  return documents<{ status: string }>(snapshot, 'messages');
}

function documents<T>({ documents: all }: Snapshot, collection: string): readonly T[] {
  return (all[collection] ?? []) as unknown as readonly T[];
}
