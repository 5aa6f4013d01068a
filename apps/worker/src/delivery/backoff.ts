/** So often a message is tried before it counts as failed. */
export const MAX_ATTEMPTS = 10;
const MAX_DOUBLINGS = 6;
const JITTER = 0.2;

/**
 * The pause before the next attempt: `baseMs` (`CAMPAIGN_RETRY_DELAY_SECONDS`), doubled with every attempt up to 64
 * times, never less than what the provider asked for, with up to 20 % on top so that retries spread out.
 */
export function backoffMs(attempt: number, baseMs: number, random: number, askedMs = 0): number {
  const doubled = baseMs * 2 ** Math.min(MAX_DOUBLINGS, Math.max(0, attempt - 1));
  return Math.max(askedMs, doubled) * (1 + JITTER * random);
}
