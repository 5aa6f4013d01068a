import type { Store } from '@campaign-manager/core/store';

/** What a run leaves behind in these is of one size on both sides: else the floor would do less work, or more. */
const COLLECTIONS = ['conversation_states', 'messages', 'responses'] as const;

/** Average size of the documents of each collection that has any. Bytes of BSON. */
export async function documentSizes({ connection }: Store): Promise<Record<string, number>> {
  const sizes = await Promise.all(
    COLLECTIONS.map(async (name) => {
      const [found] = await connection
        .collection(name)
        .aggregate([{ $group: { _id: null, bytes: { $avg: { $bsonSize: '$$ROOT' } } } }])
        .toArray();
      return [name, Number(found?.['bytes'] ?? 0)] as const;
    }),
  );
  return Object.fromEntries(sizes.filter(([, bytes]) => bytes > 0));
}
