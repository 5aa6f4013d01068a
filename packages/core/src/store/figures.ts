import type { CampaignDocument, ConversationDocument } from '../models/documents.js';
import { campaignTime } from './campaign-clock.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** What is shown is of now: an answer that takes longer is worth nothing any more. */
const MAX_MS = { maxTimeMS: 2000 } as const;
const OPEN = { $in: ['active', 'blocked'] };
/** Campaigns that are asked about at once. */
const AT_ONCE = 8;
/** Conversations with something in their inbox that are looked at, of one campaign. */
const REPLIED = 100;
/** Indexes that hold all that is asked for. */
const CAMPAIGNS_BY_END = { ended_at: 1, status: 1, _id: 1 };
const CONVERSATIONS_BY_STATUS = { campaign_id: 1, status: 1, _id: 1 };

/** How many campaigns there are of each status. */
export async function countCampaigns(store: Store): Promise<ReadonlyMap<string, number>> {
  const counts = await driver(store.campaigns)
    .aggregate<{ _id: string; count: number }>(
      [{ $project: { _id: 0, status: 1 } }, { $group: { _id: '$status', count: { $sum: 1 } } }],
      { ...MAX_MS, hint: CAMPAIGNS_BY_END },
    )
    .toArray();
  return new Map(counts.map(({ _id, count }) => [_id, count]));
}

/** How many escalations nobody has resolved, and since when the oldest of them waits; null: there is none. */
export async function openEscalations(
  store: Store,
): Promise<{ readonly count: number; readonly oldestAt: number | null }> {
  const open = { status: 'open' as const };
  const [count, [oldest]] = await Promise.all([
    driver(store.escalations).countDocuments(open, MAX_MS),
    driver(store.escalations)
      .find(open, MAX_MS)
      .project<{ opened_at: number }>({ opened_at: 1 })
      .sort({ opened_at: 1 })
      .limit(1)
      .toArray(),
  ]);
  return { count, oldestAt: oldest?.opened_at ?? null };
}

/** How many messages there are of which nobody knows whether they were accepted. */
export function countUnknownMessages(store: Store): Promise<number> {
  return driver(store.messages).countDocuments({ status: 'unknown' }, MAX_MS);
}

/** How many conversations are blocked in campaigns that are not over: each waits for an operator. */
export async function countBlockedConversations(store: Store): Promise<number> {
  const live = await driver(store.campaigns)
    .find({ ended_at: null, status: { $in: ['running', 'paused'] } }, { ...MAX_MS, hint: CAMPAIGNS_BY_END })
    .project<Pick<CampaignDocument, '_id'>>({ _id: 1 })
    .toArray();
  return driver(store.conversations).countDocuments(
    { campaign_id: { $in: live.map(({ _id }) => _id) }, status: 'blocked' } as never,
    { ...MAX_MS, hint: CONVERSATIONS_BY_STATUS },
  );
}

type Clocked = Pick<CampaignDocument, '_id' | 'paused_ms' | 'paused_at'>;

/** For how long, in milliseconds, the conversation has been due that has been due for longest; 0 where none is. */
export async function oldestDueMs(store: Store, now: number): Promise<number> {
  const lags = await ofEachRunning(store, async (campaign) => {
    const at = campaignTime(campaign, now);
    const [timed, replied] = await Promise.all([oldestTimed(store, campaign, at), oldestReplied(store, campaign)]);
    return at - Math.min(timed ?? at, replied ?? at);
  });
  return Math.max(0, ...lags);
}

/** How many conversations of running campaigns are due before `until`, `limit` at most. */
export async function countDue(store: Store, until: number, limit: number): Promise<number> {
  const counts = await ofEachRunning(store, (campaign) =>
    driver(store.conversations).countDocuments(
      { campaign_id: campaign._id, status: OPEN, next_action_at: { $lte: campaignTime(campaign, until) } } as never,
      { ...MAX_MS, limit },
    ),
  );
  return Math.min(
    limit,
    counts.reduce((a, b) => a + b, 0),
  );
}

async function ofEachRunning(store: Store, ask: (campaign: Clocked) => Promise<number>): Promise<number[]> {
  const running = await driver(store.campaigns)
    .find({ status: 'running', ended_at: null }, MAX_MS)
    .project<Clocked>({ paused_ms: 1, paused_at: 1 })
    .toArray();
  const answers: number[] = [];
  for (let start = 0; start < running.length; start += AT_ONCE) {
    answers.push(...(await Promise.all(running.slice(start, start + AT_ONCE).map(ask))));
  }
  return answers;
}

/** When the first of those was due whose time has come, in campaign time. */
async function oldestTimed(store: Store, { _id }: Clocked, at: number): Promise<number | undefined> {
  const [first] = await driver(store.conversations)
    .find({ campaign_id: _id, status: OPEN, next_action_at: { $gt: 0, $lte: at } } as never, MAX_MS)
    .project<Pick<ConversationDocument, 'next_action_at'>>({ next_action_at: 1 })
    .sort({ next_action_at: 1, _id: 1 })
    .limit(1)
    .toArray();
  return first?.next_action_at;
}

/** What is due for something in its inbox has no time of its own: it has been due since that arrived. */
async function oldestReplied(store: Store, { _id }: Clocked): Promise<number | undefined> {
  const found = await driver(store.conversations)
    .find({ campaign_id: _id, status: OPEN, next_action_at: 0 } as never, MAX_MS)
    .project<{ inbox: readonly { readonly at: number }[] }>({ 'inbox.at': 1 })
    .limit(REPLIED)
    .toArray();
  const arrivals = found.flatMap(({ inbox }) => inbox.map(({ at }) => at));
  return arrivals.length === 0 ? undefined : Math.min(...arrivals);
}
