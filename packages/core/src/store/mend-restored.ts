import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { ERASED } from './erasure/without-person.js';
import { childrenOf } from './prefix-range.js';

/*
 * What a backup that is no snapshot may have got wrong: each collection is as it was when it was read.
 */

/** The little that is asked of collections whose ids begin with `<campaign>/`. */
interface Children {
  findOne(filter: object, options: object): Promise<{ readonly _id: unknown } | null>;
  deleteMany(filter: object): Promise<unknown>;
}

/**
 * Drops the members, conversations and escalations of campaigns that are not there: those were created while the backup
 * ran. Their rows stay, for they say what was sent; nobody is to be told of them any more. Answers the campaigns.
 */
export async function dropParentless(store: Store): Promise<string[]> {
  const known = await driver(store.campaigns).find({}).project<{ _id: string }>({ _id: 1 }).toArray();
  const there = new Set(known.map(({ _id }) => _id));
  const gone = new Set<string>();
  for (const model of [store.audienceMembers, store.conversations, store.conversationEvents, store.escalations]) {
    const collection = model.collection as unknown as Children;
    for await (const campaign of parentsIn(collection)) {
      if (there.has(campaign)) continue;
      gone.add(campaign);
      await collection.deleteMany({ _id: childrenOf(campaign) });
    }
  }
  await driver(store.messages).updateMany({ tell: true, campaign_id: { $nin: [...there] } }, { $unset: { tell: 1 } });
  return [...gone].sort();
}

/** The campaigns that a collection has something of: one seek each. */
async function* parentsIn(collection: Children): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const next = await collection.findOne({ _id: { $gt: after } }, { projection: { _id: 1 }, sort: { _id: 1 } });
    if (next === null) return;
    const [campaign = ''] = String(next._id).split('/');
    yield campaign;
    after = childrenOf(campaign).$lt;
  }
}

/**
 * Replies that came since `from` go their way once more: their conversation may be older than what was noted of them. One
 * that has them takes none twice. Those to somebody who was erased have nothing to say any more.
 */
export async function routeAgain(store: Store, from: number): Promise<number> {
  const result = await driver(store.responses).updateMany(
    {
      received_at: { $gte: from },
      status: { $in: ['queued', 'applied', 'late', 'unmatched'] },
      reason: { $ne: ERASED },
    } as never,
    { $set: { status: 'received' }, $unset: { reason: 1 } } as never,
  );
  return result.modifiedCount;
}
