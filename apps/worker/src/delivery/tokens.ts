import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelName } from '@campaign-manager/core/schemas';
import type { Ports } from '@campaign-manager/ports';
import { createRateLimit, type RateLimit, type Tokens } from '@campaign-manager/queues';
import type { Config } from '@campaign-manager/runtime';
import type { Delivery } from './delivery.js';

/** `granted`: send then. `refused`: the next token comes too late. `away`: nobody can tell. */
export type TokenAnswer = { readonly kind: 'granted' | 'refused'; readonly waitMs: number } | { readonly kind: 'away' };

/** A channel's rate limit as its dispatcher sees it. */
export interface ChannelTokens {
  /** Messages that may go together. */
  readonly largest: number;
  /** Takes the tokens of a chunk where they come soon enough. Without a limit no one is asked. */
  take(count: number, maxWaitMs: number): Promise<TokenAnswer>;
  /** When so many messages of a campaign should come back, in milliseconds from now. Null where nobody can tell. */
  comeBack(campaignId: string, count: number): Promise<readonly number[] | null>;
}

/**
 * A message that has its row waits so long for its token, then in the ledger. One that has none waits shorter: after a
 * second its conversation looks whether it has left, and would have it brought about once more.
 */
const TOKEN_WAIT_MS = 10_000;
const ROWLESS_WAIT_MS = 1000;

export function tokenWaitMs({ existing }: Pick<Delivery, 'existing'>): number {
  return existing ? TOKEN_WAIT_MS : ROWLESS_WAIT_MS;
}

/** The first of those who wait in the ledger come back as soon as that, so that no token goes to waste. */
const COME_BACK_MS = 250;
/** Redis may hang instead of failing. */
const ANSWER_MS = 5000;

const UNLIMITED: ChannelTokens = {
  largest: Number.POSITIVE_INFINITY,
  take: async () => ({ kind: 'granted', waitMs: 0 }),
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

  /** Tells the log once, until a token can be had at once again. */
  function noteScarcity({ granted, waitMs }: Tokens): void {
    if (!granted && !scarce) {
      logger.info({ channel, per_second: perSecond }, 'Messages wait for the rate limit of their channel');
    }
    scarce = !granted || (scarce && waitMs > 0);
  }

  return {
    largest: limit.largest,
    take: async (count, maxWaitMs) => {
      const tokens = await answered(limit.take(count, maxWaitMs));
      if (!tokens) return { kind: 'away' };
      noteScarcity(tokens);
      return { kind: tokens.granted ? 'granted' : 'refused', waitMs: tokens.waitMs };
    },
    comeBack: (campaignId, count) => answered(limit.queueUp(campaignId, count, COME_BACK_MS)),
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
