import { conversationId } from '../../engine/keys.js';
import type { ConversationDocument, MessageDocument } from '../../models/documents.js';
import { CHANNEL_NAMES, type ChannelName } from '../../schemas/campaign.js';
import type { Store } from '../connect-store.js';
import { driver } from '../connect-store.js';
import { childrenOf } from '../prefix-range.js';
import { recipientAddress } from '../recipient-address.js';
import { replyIdOf } from '../reply-id.js';
import { suppressionId } from '../suppressions.js';

/** Campaigns that are looked through at once. */
const PAGE = 500;

/** A page of what a recipient may have left: under one id in every campaign. */
export interface Traces {
  /** `<campaign>/<recipient>`, whether there is such a conversation or not: that of a member, or of a reply too early. */
  readonly possible: readonly string[];
  /** The conversations there are among them. */
  readonly conversations: readonly Pick<ConversationDocument, '_id' | 'campaign_id'>[];
}

/**
 * Everything about a recipient stands below the id that campaign and recipient make, so that it is found through the
 * indexes that there are, campaign by campaign: there are few campaigns, and an index by recipient of all that was ever
 * sent would cost each message.
 */
export async function* tracesOf(store: Store, recipientId: string): AsyncGenerator<Traces, void, void> {
  for (let after = ''; ; ) {
    const campaigns = await driver(store.campaigns)
      .find({ _id: { $gt: after } })
      .project<{ _id: string }>({ _id: 1 })
      .sort({ _id: 1 })
      .limit(PAGE)
      .toArray();
    const possible = campaigns.map(({ _id }) => conversationId(_id, recipientId));
    const conversations = await driver(store.conversations)
      .find({ _id: { $in: possible } })
      .project<Traces['conversations'][number]>({ campaign_id: 1 })
      .toArray();
    if (possible.length > 0) yield { possible, conversations };
    const last = campaigns.at(-1);
    if (campaigns.length < PAGE || !last) return;
    after = last._id;
  }
}

/** The conversations that replies name; a mail whose conversation was not found has only its short id. Pure. */
export function namedByReplies({ possible }: Traces): string[] {
  return possible.flatMap((id) => [id, `?/${replyIdOf(id)}`]);
}

/** Ledger rows of conversations: each stands below its conversation's id. Pure. */
export function rowsOf(ids: readonly string[]): { readonly $or: { readonly _id: ReturnType<typeof childrenOf> }[] } {
  return { $or: ids.map((id) => ({ _id: childrenOf(id) })) };
}

/** Entries of the audit log about conversations, or about a message of them. Pure. */
export function auditOf(ids: readonly string[]) {
  return { $or: [{ target: { $in: [...ids] } }, ...ids.map((id) => ({ target: childrenOf(id) }))] };
}

/** What every address of a recipient is called in the list of suppressions: the present ones, and all written to. */
export async function suppressionIdsOf(store: Store, recipientId: string): Promise<string[]> {
  const recipient = await driver(store.recipients).findOne({ _id: recipientId });
  const ids = new Set<string>();
  const add = (channel: ChannelName, address: string | null) => {
    if (address) ids.add(suppressionId(channel, address));
  };
  for (const channel of CHANNEL_NAMES) add(channel, recipient && recipientAddress(channel, recipient));
  for await (const { conversations } of tracesOf(store, recipientId)) {
    if (conversations.length === 0) continue;
    const written = driver(store.messages)
      .find(rowsOf(conversations.map(({ _id }) => _id)))
      .project<Pick<MessageDocument, 'channel' | 'to'>>({ channel: 1, to: 1 });
    for await (const { channel, to } of written) add(channel, to);
  }
  return [...ids];
}
