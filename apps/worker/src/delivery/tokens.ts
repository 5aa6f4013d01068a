import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelName } from '@campaign-manager/core/schemas';
import type { Ports } from '@campaign-manager/ports';
import { createRateLimit, type RateLimit } from '@campaign-manager/queues';
import type { Config } from '@campaign-manager/runtime';

/** `granted`: send now. `refused`: the next token comes too late, in so long. `away`: nobody can tell. */
export type TokenAnswer =
  | { readonly kind: 'granted' }
  | { readonly kind: 'refused'; readonly nextInMs: number }
  | { readonly kind: 'away' };

/** A channel's rate limit as its dispatcher sees it. */
export interface ChannelTokens {
  /** Messages that may go together. */
  readonly largest: number;
  /** Waits for the tokens of a chunk, at most so long. Without a limit no one is asked. */
  take(count: number, maxWaitMs: number): Promise<TokenAnswer>;
  /** When so many messages of a campaign should come back, in milliseconds from now. Null where nobody can tell. */
  comeBack(campaignId: string, count: number): Promise<readonly number[] | null>;
}

/** A message waits so long for its token; after that it waits in the ledger. */
export const TOKEN_WAIT_MS = 10_000;
/** Redis may hang instead of failing. */
const ANSWER_MS = 5000;

const UNLIMITED: ChannelTokens = {
  largest: Number.POSITIVE_INFINITY,
  take: async () => ({ kind: 'granted' }),
  comeBack: async () => null,
};

export function createTokens(
  { config, producers, logger }: Pick<Ports, 'config' | 'producers' | 'logger'>,
  channel: ChannelName,
): ChannelTokens {
  const perSecond = perSecondOf(config, channel);
  if (perSecond === 0) return UNLIMITED;
  const limit: RateLimit = createRateLimit(producers.redis, { prefix: config.redisPrefix, name: channel, perSecond });
  let scarce = false;

  function noteScarcity(now: boolean): void {
    if (now && !scarce)
      logger.info({ channel, per_second: perSecond }, 'Messages wait for the rate limit of their channel');
    scarce = now;
  }

  return {
    largest: limit.largest,
    take: async (count, maxWaitMs) => {
      const tokens = await answered(limit.take(count, maxWaitMs));
      if (!tokens) return { kind: 'away' };
      noteScarcity(!tokens.granted);
      if (!tokens.granted) return { kind: 'refused', nextInMs: tokens.waitMs };
      if (tokens.waitMs > 0) await delay(tokens.waitMs);
      return { kind: 'granted' };
    },
    comeBack: (campaignId, count) => answered(limit.queueUp(campaignId, count, TOKEN_WAIT_MS)),
  };
}

function perSecondOf(config: Config, channel: ChannelName): number {
  if (channel === 'email') return config.emailMaxPerSecond;
  return channel === 'webhook' ? config.webhookMaxPerSecond : 0;
}

/** Null where Redis refuses, or does not answer in time. */
async function answered<T>(call: Promise<T>): Promise<T | null> {
  const timer = new AbortController();
  try {
    return await Promise.race([call, delay(ANSWER_MS, null, { signal: timer.signal })]);
  } catch {
    return null;
  } finally {
    timer.abort();
  }
}
