import { type Addresses, createAddresses } from './addresses.js';
import { messageIdLeft } from './message-ids.js';
import { createTokens } from './tokens.js';

export interface IdentityOptions {
  /** `LINK_SECRET`. */
  readonly secret: string;
  /** `PUBLIC_URL`: without it, mails carry no link. */
  readonly publicUrl?: string | undefined;
  /** `INBOUND_DOMAIN`: without it, answers and reports go to the sender. */
  readonly inboundDomain?: string | undefined;
  /** The short id of a conversation, as its document has it. */
  replyIdOf(conversationId: string): string;
}

/** What a mail carries so that whatever follows from it finds its way back. */
export interface MailIdentity {
  /** The left side of its Message-ID. */
  readonly messageIdLeft: string;
  readonly replyTo?: string;
  /** The envelope's sender, which gets the reports of mail servers. */
  readonly returnPath?: string;
  /** Unsubscribes with one POST (RFC 8058). */
  readonly oneClickUrl?: string;
  /** Unsubscribes by a mail with the subject `unsubscribe` (RFC 2369). */
  readonly unsubscribeAddress?: string;
}

/** Path of the one-click link, below `PUBLIC_URL`; the token follows. */
const UNSUBSCRIBE_PATH = '/u/';

/** Answers what the mail of a ledger key carries: the same for every attempt, and nothing of it is stored. */
export function createIdentities({
  secret,
  publicUrl,
  inboundDomain,
  replyIdOf,
}: IdentityOptions): (key: string, conversationId: string) => MailIdentity {
  const tokens = createTokens(secret);
  const addresses = inboundDomain === undefined ? null : createAddresses(secret, inboundDomain);
  const base = publicUrl?.replace(/\/+$/, '');
  return (key, conversationId) => {
    return {
      messageIdLeft: messageIdLeft(tokens, key),
      ...(base !== undefined && { oneClickUrl: `${base}${UNSUBSCRIBE_PATH}${tokens.sign('unsubscribe', key)}` }),
      ...(addresses && waysBack(addresses, replyIdOf(conversationId))),
    };
  };
}

/** Signing is most of what an identity costs: the one address of answers serves both who replies and who unsubscribes. */
function waysBack(addresses: Addresses, replyId: string): Partial<MailIdentity> {
  const reply = addresses.reply(replyId);
  return { replyTo: reply, returnPath: addresses.bounce(replyId), unsubscribeAddress: reply };
}
