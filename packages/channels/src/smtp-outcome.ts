import type { Outcome } from './channel.js';

/** How one SMTP transaction ended. `bodyStarted`: DATA was granted and the connection began to read the body. */
export type SmtpResult =
  | { readonly kind: 'accepted'; readonly response: string }
  /** The server answered, but not with a yes. `command` is the one it answered; `CONN`: none in particular. */
  | {
      readonly kind: 'answered';
      readonly bodyStarted: boolean;
      readonly command: string;
      readonly code: number;
      readonly response: string;
    }
  /** The last look said stop: DATA was granted, and the connection closed before the body. */
  | { readonly kind: 'stopped'; readonly reason: string }
  /** No answer: closed, timed out, aborted. */
  | { readonly kind: 'lost'; readonly bodyStarted: boolean; readonly reason: string };

/** The replies to RCPT TO that speak of the address (RFC 5321, section 4.2.3). */
const ADDRESS_REFUSED = new Set([550, 551, 552, 553, 554]);

/**
 * Judges a transaction (design, section 6, step 4). Before the body any failure is a proof that nothing was accepted;
 * only a refusal of the address itself is final, since the rest concerns our configuration or the moment. Once the
 * body may have been read, only a complete answer to it counts, and silence is `unknown`.
 */
export function smtpOutcome(result: SmtpResult): Outcome {
  if (result.kind === 'accepted') return { status: 'accepted', providerId: result.response };
  if (result.kind === 'stopped') return { status: 'held_back', reason: result.reason };
  if (result.kind === 'lost') {
    if (result.bodyStarted) return { status: 'unknown', reason: result.reason };
    return { status: 'deferred', reason: result.reason, unreachable: true };
  }

  const { bodyStarted, command, code, response: reason } = result;
  if (!bodyStarted) {
    return { status: command === 'RCPT TO' && ADDRESS_REFUSED.has(code) ? 'rejected' : 'deferred', reason };
  }
  if (command !== 'DATA') return { status: 'unknown', reason };
  if (code >= 400 && code < 500) return { status: 'deferred', reason };
  if (code >= 500 && code < 600) return { status: 'rejected', reason };
  return { status: 'unknown', reason };
}
