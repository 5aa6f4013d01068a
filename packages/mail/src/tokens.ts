import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a token may be used for. A token of one purpose is worth nothing for another. */
export type TokenPurpose = 'message' | 'unsubscribe';

/** Stateless proof that a text came from us: nothing is stored, and anyone can read the payload, but nobody make one. */
export interface Tokens {
  /** `<payload in base64url>.<MAC>`: letters, digits and `- _ .`; the same for the same arguments. */
  sign(purpose: TokenPurpose, payload: string): string;
  /** The payload, or null for whatever we did not sign for this purpose. Never throws. */
  verify(purpose: TokenPurpose, token: string): string | null;
}

/** Longer than any key of ours; what exceeds it is not looked at. */
const MAX_TOKEN_CHARACTERS = 2048;
const MAC_BYTES = 16;

/** HMAC-SHA-256, truncated to 128 bits as RFC 2104, section 5, allows. `secret` is `LINK_SECRET`. */
export function createTokens(secret: string): Tokens {
  function sign(purpose: TokenPurpose, payload: string): string {
    const encoded = Buffer.from(payload, 'utf8').toString('base64url');
    return `${encoded}.${mac(secret, purpose, encoded).toString('base64url')}`;
  }
  return {
    sign,
    verify(purpose, token) {
      if (token.length > MAX_TOKEN_CHARACTERS) return null;
      const payload = Buffer.from(token.slice(0, token.lastIndexOf('.')), 'base64url').toString('utf8');
      return sameText(sign(purpose, payload), token) ? payload : null;
    },
  };
}

/** The purpose ends at a character that it cannot hold, so no other pair of purpose and text gives the same input. */
export function mac(secret: string, purpose: string, text: string): Buffer {
  return createHmac('sha256', secret).update(`${purpose}\n${text}`, 'utf8').digest().subarray(0, MAC_BYTES);
}

/** Takes the same time wherever the two differ. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}
