import { addressHeader, textHeader } from './mail-headers.js';

/**
 * What a mail to a recipient carries so that whatever follows from it finds its conversation. All of it derives from the
 * message's key, so that it is the same for every attempt.
 */
export interface EmailIdentity {
  /** Left side of the Message-ID. */
  readonly messageIdLeft: string;
  /** Where answers go. */
  readonly replyTo?: string;
  /** The envelope's sender: mail servers report there what they could not deliver. */
  readonly returnPath?: string;
  /** Unsubscribes with one POST (RFC 8058). */
  readonly oneClickUrl?: string;
  /** Unsubscribes by a mail with the subject `unsubscribe` (RFC 2369). */
  readonly unsubscribeAddress?: string;
}

/** Makes the identities of mails; `key` is the ledger's. */
export type Identify = (key: string, conversationId: string) => EmailIdentity;

/** The headers of an identity, each with its line end; the Message-ID aside. */
export function identityHeaders({ replyTo, oneClickUrl, unsubscribeAddress }: EmailIdentity): string {
  const ways = [
    ...(oneClickUrl === undefined ? [] : [`<${oneClickUrl}>`]),
    ...(unsubscribeAddress === undefined ? [] : [`<mailto:${unsubscribeAddress}?subject=unsubscribe>`]),
  ];
  return [
    replyTo === undefined ? '' : addressHeader('Reply-To', '', replyTo),
    textHeader('List-Unsubscribe', ways.join(', ')),
    // Only where a link can be posted to: RFC 8058, section 3.1.
    oneClickUrl === undefined ? '' : textHeader('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'),
  ].join('');
}
