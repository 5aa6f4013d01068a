import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { childrenOf } from './prefix-range.js';

/** Where a campaign's conversations stand. Counted from MongoDB, so exact at `computed_at`. */
export interface CampaignProgress {
  readonly conversations: number;
  readonly by_status: Readonly<Record<string, number>>;
  readonly by_result: Readonly<Record<string, number>>;
  /** Open conversations by the stage they are in. */
  readonly by_stage: Readonly<Record<string, number>>;
  readonly messages: { readonly by_status: Readonly<Record<string, number>>; readonly follow_ups: number };
  readonly responses: Readonly<Record<string, number>>;
  readonly escalations_open: number;
  readonly computed_at: Date;
}

interface Group {
  readonly _id: Readonly<Record<string, string | boolean | null>>;
  readonly count: number;
}

/** Counts a campaign's conversations, messages, responses and escalations: four aggregations over index ranges. */
export async function campaignProgress(store: Store, campaignId: string, now: Date): Promise<CampaignProgress> {
  const range = { _id: childrenOf(campaignId) };
  const [conversations, messages, responses, escalationsOpen] = await Promise.all([
    groups(driver(store.conversations), range, { status: '$status', result: '$result', stage: '$current_stage' }),
    groups(driver(store.messages), range, { status: '$status', follow_up: { $gt: ['$ordinal', 0] } }),
    groups(driver(store.responses), { campaign_id: campaignId }, { status: '$status' }),
    driver(store.escalations).countDocuments({ campaign_id: campaignId, status: 'open' }),
  ]);
  return {
    conversations: sum(conversations),
    by_status: tally(conversations, ({ status }) => status),
    by_result: tally(conversations, ({ result }) => result),
    by_stage: tally(conversations, ({ status, stage }) => (status === 'completed' ? null : stage)),
    messages: {
      by_status: tally(messages, ({ status }) => status),
      follow_ups: sum(messages.filter(({ _id }) => _id['follow_up'] === true)),
    },
    responses: tally(responses, ({ status }) => status),
    escalations_open: escalationsOpen,
    computed_at: now,
  };
}

function groups(
  collection: { aggregate(pipeline: object[]): { toArray(): Promise<unknown[]> } },
  match: object,
  by: object,
): Promise<Group[]> {
  const pipeline = [{ $match: match }, { $group: { _id: by, count: { $sum: 1 } } }];
  return collection.aggregate(pipeline).toArray() as Promise<Group[]>;
}

function sum(found: readonly Group[]): number {
  return found.reduce((total, { count }) => total + count, 0);
}

function tally(
  found: readonly Group[],
  name: (id: Group['_id']) => string | boolean | null | undefined,
): Readonly<Record<string, number>> {
  const totals = new Map<string, number>();
  for (const { _id, count } of found) {
    const key = name(_id);
    if (typeof key === 'string') totals.set(key, (totals.get(key) ?? 0) + count);
  }
  return Object.fromEntries(totals);
}
