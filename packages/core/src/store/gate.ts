import type { CampaignDocument, ConversationDocument } from '../models/documents.js';
import type { ChannelName } from '../schemas/campaign.js';
import type { Store } from './connect-store.js';
import { atOnce, driver } from './connect-store.js';

/** A claimed message before the wire. */
export interface AtTheGate {
  readonly key: string;
  readonly conversationId: string;
  readonly suppressionId: string;
  readonly recipientId: string;
}

/**
 * - `pass`: send now.
 * - `back`: something was received that the decision did not know; the conversation decides again.
 * - `halt`: the campaign is not running, or not as it was when this was decided.
 * - `withdrawn`: the conversation took the message back.
 * - `suppressed`: the address must not be written to.
 */
export type Verdict = 'pass' | 'back' | 'halt' | 'withdrawn' | 'suppressed';

/** What one look finds; which of them is told by the collection that it is from. */
type Found =
  | ({ readonly from: 'campaign' } & Pick<CampaignDocument, 'status' | 'revision' | 'start_at' | 'end_at'>)
  | ({ readonly from: 'conversation' } & Conversation)
  | { readonly from: 'suppression' | 'refusal'; readonly _id: string };

type Conversation = Pick<ConversationDocument, '_id' | 'status'> & {
  readonly inbox: readonly unknown[];
  readonly outbox: readonly { readonly key: string }[];
};

type Campaign = Pick<CampaignDocument, '_id' | 'revision'>;

/**
 * The last look before the wire, one read on the primary for a chunk of messages of one campaign: is each still in the
 * outbox, is nothing waiting in the inbox, does the campaign still run unchanged and within its dates, may the address
 * be written to, and does the recipient still consent? Whoever cannot read does not pass (design, section 6, step 3).
 */
export async function gate(
  store: Store,
  channel: ChannelName,
  campaign: Campaign,
  messages: readonly AtTheGate[],
  now: () => number,
): Promise<Map<string, Verdict>> {
  const found = await look(store, channel, campaign, messages);
  const conversations = new Map<string, Conversation>();
  const barred = new Set<string>();
  let open = false;
  for (const one of found) {
    if (one.from === 'conversation') conversations.set(one._id, one);
    else if (one.from === 'campaign') open = runsUnchanged(one, campaign.revision, now());
    else barred.add(`${one.from}:${one._id}`);
  }
  return new Map(
    messages.map((message) => [
      message.key,
      open ? judge(message, conversations.get(message.conversationId), barred) : 'halt',
    ]),
  );
}

type Running = Pick<CampaignDocument, 'status' | 'revision' | 'start_at' | 'end_at'>;

function runsUnchanged(campaign: Running, revision: number, now: number): boolean {
  if (campaign.status !== 'running' || campaign.revision !== revision) return false;
  return (campaign.start_at ?? now) <= now && (campaign.end_at === null || now < campaign.end_at);
}

function judge(message: AtTheGate, conversation: Conversation | undefined, barred: ReadonlySet<string>): Verdict {
  if (!conversation?.outbox.some(({ key }) => key === message.key)) return 'withdrawn';
  if (conversation.inbox.length > 0) return 'back';
  if (conversation.status !== 'active') return 'halt';
  const suppressed = barred.has(`suppression:${message.suppressionId}`);
  const refused = barred.has(`refusal:${message.recipientId}`);
  return suppressed || refused ? 'suppressed' : 'pass';
}

/** Everything in one command: for the small chunks of a mail server, commands cost more than what they read. */
function look(
  store: Store,
  channel: ChannelName,
  campaign: Campaign,
  messages: readonly AtTheGate[],
): Promise<Found[]> {
  const ids = (of: keyof AtTheGate) => ({ $in: messages.map((message) => message[of]) });
  const refused = { _id: ids('recipientId'), [`consent.${channel}`]: false };
  return driver(store.conversations)
    .aggregate<Found>(
      [
        { $match: { _id: ids('conversationId') } },
        { $project: { from: 'conversation', status: 1, 'outbox.key': 1, 'inbox.id': 1 } },
        union(
          store.campaigns,
          { _id: campaign._id },
          { from: 'campaign', status: 1, revision: 1, start_at: 1, end_at: 1 },
        ),
        union(store.suppressions, { _id: ids('suppressionId') }, { from: 'suppression' }),
        union(store.recipients, refused, { from: 'refusal' }),
      ],
      atOnce(3 * messages.length + 1),
    )
    .toArray();
}

/** `$project` sets a field that is a text to this text. */
function union(model: { readonly collection: { readonly collectionName: string } }, filter: object, fields: object) {
  const pipeline = [{ $match: filter }, { $project: fields }];
  return { $unionWith: { coll: model.collection.collectionName, pipeline } };
}
