import type { CampaignDocument, ConversationDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** A claimed message before the wire. */
export interface AtTheGate {
  readonly key: string;
  readonly conversationId: string;
  readonly suppressionId: string;
}

/**
 * - `pass`: send now.
 * - `back`: something was received that the decision did not know; the conversation decides again.
 * - `halt`: the campaign is not running, or not as it was when this was decided.
 * - `withdrawn`: the conversation took the message back.
 * - `suppressed`: the address must not be written to.
 */
export type Verdict = 'pass' | 'back' | 'halt' | 'withdrawn' | 'suppressed';

type Seen = Pick<ConversationDocument, '_id' | 'status'> & {
  readonly inbox: readonly unknown[];
  readonly outbox: readonly { readonly key: string }[];
};

/**
 * The last look before the wire, on the primary, for a chunk of messages of one campaign: is each still in the outbox,
 * is nothing waiting in the inbox, does the campaign still run unchanged and within its dates, may the address be
 * written to? Whoever cannot read does not pass (design, section 6, step 3).
 */
export async function gate(
  store: Store,
  campaign: Pick<CampaignDocument, '_id' | 'revision'>,
  messages: readonly AtTheGate[],
  now: () => number,
): Promise<Map<string, Verdict>> {
  const [current, conversations, suppressed] = await Promise.all([
    driver(store.campaigns).findOne({ _id: campaign._id }),
    seenConversations(store, messages),
    suppressedAddresses(store, messages),
  ]);
  const open = current !== null && runsUnchanged(current as CampaignDocument, campaign.revision, now());
  return new Map(
    messages.map((message) => [
      message.key,
      open ? judge(message, conversations.get(message.conversationId), suppressed) : 'halt',
    ]),
  );
}

function runsUnchanged(campaign: CampaignDocument, revision: number, now: number): boolean {
  if (campaign.status !== 'running' || campaign.revision !== revision) return false;
  return (campaign.start_at ?? now) <= now && (campaign.end_at === null || now < campaign.end_at);
}

function judge(message: AtTheGate, conversation: Seen | undefined, suppressed: ReadonlySet<string>): Verdict {
  if (!conversation?.outbox.some(({ key }) => key === message.key)) return 'withdrawn';
  if (conversation.inbox.length > 0) return 'back';
  if (conversation.status !== 'active') return 'halt';
  return suppressed.has(message.suppressionId) ? 'suppressed' : 'pass';
}

async function seenConversations(store: Store, messages: readonly AtTheGate[]): Promise<Map<string, Seen>> {
  const found = await driver(store.conversations)
    .find({ _id: { $in: messages.map(({ conversationId }) => conversationId) } })
    .project<Seen>({ status: 1, 'outbox.key': 1, 'inbox.id': 1 })
    .toArray();
  return new Map(found.map((conversation) => [conversation._id, conversation]));
}

async function suppressedAddresses(store: Store, messages: readonly AtTheGate[]): Promise<Set<string>> {
  const found = await driver(store.suppressions)
    .find({ _id: { $in: messages.map(({ suppressionId }) => suppressionId) } })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  return new Set(found.map(({ _id }) => _id));
}
