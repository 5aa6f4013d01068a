import { recipientOf } from '../engine/keys.js';
import { isStopWord } from '../engine/stop-word.js';
import type { CampaignDocument, ResponseDocument } from '../models/documents.js';
import { addEvents } from './add-events.js';
import { campaignTime } from './campaign-clock.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { erasedAmong } from './erasure/receipts.js';
import { groupBy } from './group-by.js';
import { type Fate, fateOf, type Routed, replyEvent, routedBy } from './reply-fate.js';
import { markResponses, routeResponse } from './responses.js';

/**
 * As `routeResponse`, of several replies, no two of them to one conversation. Answers in their order. One that says STOP
 * goes its own way.
 * @throws what MongoDB said of any of them; others may be in their inboxes then, and routing all again changes nothing.
 */
export async function routeResponses(store: Store, responses: readonly ResponseDocument[]): Promise<readonly Routed[]> {
  if (responses.length === 0) return [];
  const fates = await placeAll(
    store,
    responses.filter(({ text }) => !isStopWord(text)),
  );
  await markAll(store, fates);
  return Promise.all(
    responses.map((response) => {
      const fate = fates.get(response._id);
      return fate ? routedBy(fate, response) : routeResponse(store, response);
    }),
  );
}

/** By the ids of the replies. */
type Fates = ReadonlyMap<string, Fate>;

async function placeAll(store: Store, responses: readonly ResponseDocument[]): Promise<Fates> {
  const clocks = await campaignClocks(store, [...new Set(responses.map(({ campaign_id }) => campaign_id))]);
  const known = responses.flatMap((response) => {
    const campaign = clocks.get(response.campaign_id);
    return campaign ? [{ response, at: campaignTime(campaign, response.received_at) }] : [];
  });
  const placed = await addEvents(
    store,
    known.map(({ response, at }) => ({
      conversationId: response.conversation_id,
      event: replyEvent(response, at),
    })),
  );
  const found = new Map(known.map(({ response }, i) => [response._id, placed[i]]));
  const addedOf = ({ _id }: ResponseDocument) => found.get(_id) ?? 'missing';
  const missing = responses.filter((response) => addedOf(response) === 'missing');
  const erased = await erasedAmong(
    store,
    missing.map(({ conversation_id }) => recipientOf(conversation_id)),
  );
  return new Map(
    responses.map((response) => {
      const added = addedOf(response);
      const isErased = added === 'missing' && erased.has(recipientOf(response.conversation_id));
      return [response._id, fateOf(isErased ? 'erased' : added)];
    }),
  );
}

type Clocked = Pick<CampaignDocument, '_id' | 'paused_ms' | 'paused_at'>;

async function campaignClocks(store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, Clocked>> {
  const found = await driver(store.campaigns)
    .find({ _id: { $in: [...ids] } })
    .project<Clocked>({ paused_ms: 1, paused_at: 1 })
    .toArray();
  return new Map(found.map((campaign) => [campaign._id, campaign]));
}

async function markAll(store: Store, fates: Fates): Promise<void> {
  const settled = [...fates].filter(([, { status }]) => status !== 'received');
  for (const alike of groupBy(settled, ([, { status, reason }]) => `${status}/${reason}`)) {
    const [[, fate] = []] = alike;
    if (!fate) continue;
    const ids = alike.map(([id]) => id);
    await markResponses(store, ids, fate.status, fate.reason);
  }
}
