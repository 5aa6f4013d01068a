import { mac, sameText } from './tokens.js';

/** An address of ours that a mail came to. */
export type InboundAddress =
  /** What a recipient answers to (`reply`), or where mail servers send their reports (`bounce`). */
  | { readonly kind: 'reply' | 'bounce'; readonly replyId: string }
  /** Whose mail it is must follow from the mail itself. */
  | { readonly kind: 'general' };

export interface Addresses {
  /** Where answers to a conversation's mails go: the `Reply-To`. */
  reply(replyId: string): string;
  /** Where reports on a conversation's mails go: the envelope's sender. */
  bounce(replyId: string): string;
  /** Null for whatever we did not sign. Never throws. */
  read(address: string): InboundAddress | null;
}

const LOCAL_PART = /^(reply|bounce)\+([a-z2-7]{16})([0-9a-f]{32})$/;
const GENERAL = 'replies';

/**
 * Signed addresses under one domain: `reply+<reply id><MAC>@domain`. A local part has 64 characters at most (RFC 5321,
 * section 4.5.3.1.1) and arrives in lower case from some systems, which is why it holds a short id of the conversation
 * and a MAC in hexadecimal digits. `secret` is `LINK_SECRET`, `domain` is `INBOUND_DOMAIN`.
 */
export function createAddresses(secret: string, domain: string): Addresses {
  const signed = (kind: 'reply' | 'bounce', replyId: string) =>
    `${kind}+${replyId}${mac(secret, kind, replyId).toString('hex')}`;
  return {
    reply: (replyId) => `${signed('reply', replyId)}@${domain}`,
    bounce: (replyId) => `${signed('bounce', replyId)}@${domain}`,
    read(address) {
      const at = address.lastIndexOf('@');
      if (address.length > 320 || address.slice(at + 1).toLowerCase() !== domain.toLowerCase()) return null;
      const local = address.slice(0, at).toLowerCase();
      if (local === GENERAL) return { kind: 'general' };
      const [, kind, replyId] = LOCAL_PART.exec(local) ?? [];
      if ((kind !== 'reply' && kind !== 'bounce') || replyId === undefined) return null;
      return sameText(signed(kind, replyId), local) ? { kind, replyId } : null;
    },
  };
}
