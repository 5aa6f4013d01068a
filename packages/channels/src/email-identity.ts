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

/** The headers of an identity by their names, in their order; the Message-ID aside. */
export function identityHeaders(identity: EmailIdentity): [name: string, value: string][] {
  const { replyTo, oneClickUrl, unsubscribeAddress } = identity;
  const ways = [
    ...(oneClickUrl === undefined ? [] : [`<${oneClickUrl}>`]),
    ...(unsubscribeAddress === undefined ? [] : [`<mailto:${unsubscribeAddress}?subject=unsubscribe>`]),
  ];
  return [
    ...(replyTo === undefined ? [] : ([['Reply-To', replyTo]] satisfies [string, string][])),
    ...(ways.length === 0 ? [] : ([['List-Unsubscribe', ways.join(', ')]] satisfies [string, string][])),
    // Only where a link can be posted to: RFC 8058, section 3.1.
    ...(oneClickUrl === undefined
      ? []
      : ([['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click']] satisfies [string, string][])),
  ];
}
