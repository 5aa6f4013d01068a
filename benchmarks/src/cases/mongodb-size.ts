import { prepareWaitingForReply } from '../prepare/waiting-for-reply.js';
import type { Bench, SeriesCase } from '../run.js';
import { cpuBetween, usage } from '../usage.js';

const COLLECTIONS = { recipients: 'recipient', conversation_states: 'conversation', messages: 'message' } as const;

/** What MongoDB holds of a conversation whose first message is sent: documents, on disk, and in indexes. */
export const mongodbSize: SeriesCase = {
  kind: 'series',
  name: 'scale-mongodb',
  unit: 'conversations',
  what: 'bytes of MongoDB for a recipient, a conversation that waits for a reply, and a message: BSON, on disk, in indexes',
  pointUnit: 'conversations stored',
  points: { full: [100_000], quick: [10_000] },
  size: { full: 100_000, quick: 10_000 },
  repeat: { full: 1, quick: 1 },
  async run(bench, _stored, size) {
    const before = await usage(bench, [process.pid]);
    const started = performance.now();
    await prepareWaitingForReply(bench.store, size);
    await bench.store.connection.getClient().db('admin').command({ fsync: 1 }); // else sizes on disk are of before
    const seconds = (performance.now() - started) / 1000;
    const after = await usage(bench, [process.pid]);
    const cpu = cpuBetween(before.cpu, after.cpu);
    return { units: size, seconds, cpu, bytes: after.bytes, more: await sizes(bench, size) };
  },
};

async function sizes({ store }: Bench, count: number): Promise<Record<string, number>> {
  const more: Record<string, number> = {};
  for (const [collection, name] of Object.entries(COLLECTIONS)) {
    const stats = await store.connection.db?.command({ collStats: collection });
    more[`${name}_bson`] = Math.round(Number(stats?.['size']) / count);
    more[`${name}_on_disk`] = Math.round(Number(stats?.['storageSize']) / count);
    more[`${name}_indexes`] = Math.round(Number(stats?.['totalIndexSize']) / count);
  }
  return more;
}
