import { OPEN_ROW_STATUSES } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/*
 * Both partial indexes hold open documents only and lead with the campaign. So one seek finds the next campaign that has
 * any, and passing over the live ones costs one seek each, on the server.
 */

/**
 * Ids of campaigns other than the live ones that still have an open conversation or an open ledger row, in order of
 * their ids: nobody looks at those any more.
 */
export async function strayCampaigns(
  store: Store,
  live: readonly string[],
  limit: number,
  after = '',
): Promise<string[]> {
  const found: string[] = [];
  for (let last = after; found.length < limit; ) {
    const campaign_id = { $gt: last, $nin: [...live] };
    const nearest = await Promise.all([nextWithConversations(store, campaign_id), nextWithRows(store, campaign_id)]);
    const [next] = nearest.filter((id) => id !== null).sort();
    if (next === undefined) break;
    found.push(next);
    last = next;
  }
  return found;
}

type Others = { readonly $gt: string; readonly $nin: string[] };

async function nextWithConversations(store: Store, campaign_id: Others): Promise<string | null> {
  const found = await driver(store.conversations).findOne(
    { campaign_id, status: { $in: ['active', 'blocked'] } } as never,
    {
      projection: { campaign_id: 1 },
      sort: { campaign_id: 1 },
      hint: { campaign_id: 1, next_action_at: 1, _id: 1 },
    },
  );
  return found?.campaign_id ?? null;
}

async function nextWithRows(store: Store, campaign_id: Others): Promise<string | null> {
  const found = await driver(store.messages).findOne(
    { campaign_id, status: { $in: [...OPEN_ROW_STATUSES] } },
    { projection: { campaign_id: 1 }, sort: { campaign_id: 1 }, hint: { campaign_id: 1, status: 1, due_at: 1 } },
  );
  return found?.campaign_id ?? null;
}
