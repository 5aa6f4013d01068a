import type { Outcome } from './channel.js';

/** How one request ended. `written`: the connection had begun to read the body. */
export type WebhookResult =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter?: string | undefined }
  /** The last look said stop before the body. */
  | { readonly kind: 'stopped'; readonly reason: string }
  | { readonly kind: 'lost'; readonly written: boolean; readonly reason: string };

/** Answers that concern the moment or our credentials, not the message: time-out, too early, too many, who are you. */
const TRY_LATER = new Set([401, 407, 408, 425, 429]);
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/**
 * Judges a request (design, section 6, step 4). A receiver that says 5xx says that it failed, and `Idempotency-Key`
 * protects it from doing the work twice. A redirect is a fault of the configured URL, not of the recipient.
 */
export function webhookOutcome(result: WebhookResult, nowMs: number): Outcome {
  if (result.kind === 'stopped') return { status: 'held_back', reason: result.reason };
  if (result.kind === 'lost') {
    if (result.written) return { status: 'unknown', reason: result.reason };
    return { status: 'deferred', reason: result.reason, unreachable: true };
  }

  const { status, retryAfter } = result;
  if (status >= 200 && status < 300) return { status: 'accepted' };
  if (status >= 300 && status < 400) {
    return { status: 'deferred', reason: `HTTP ${status}: redirects are not followed; correct the URL` };
  }
  if (status >= 500 || TRY_LATER.has(status)) {
    const afterMs = parseRetryAfter(retryAfter, nowMs);
    return { status: 'deferred', reason: `HTTP ${status}`, ...(afterMs !== undefined && { afterMs }) };
  }
  return { status: 'rejected', reason: `HTTP ${status}` };
}

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), as milliseconds from now, a day at most. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const waitMs = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
}
