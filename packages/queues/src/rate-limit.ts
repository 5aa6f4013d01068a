import { jobIdPart } from './producers.js';
import type { RedisClient } from './redis.js';

/**
 * A limit that all processes share. Its state is one number in Redis, the time from which the next token is free, so it
 * vanishes with Redis and begins anew.
 */
export interface RateLimit {
  /** Tokens that may be taken in one call: what comes in a tenth of a second, one at least. */
  readonly largest: number;
  /**
   * Takes `count` tokens to be used together, `waitMs` from now. Takes none where that would be more than `maxWaitMs`;
   * `waitMs` then says how far off they are. Rejects where Redis does not answer: nobody has a token then.
   */
  take(count: number, maxWaitMs: number): Promise<Tokens>;
  /**
   * Gives `count` of those who had to go without a token times to come back, in a line of their own (one per campaign,
   * say): the first one `earliestMs` from now at the earliest, and nearly as far apart as the limit wants them. Answers
   * milliseconds from now. Whoever comes back takes a token like everybody else; they come a little more often than tokens
   * do, so that none goes to waste.
   */
  queueUp(line: string, count: number, earliestMs: number): Promise<number[]>;
}

export interface Tokens {
  readonly granted: boolean;
  readonly waitMs: number;
}

export interface RateLimitOptions {
  readonly prefix: string;
  /** What is limited: a channel, or one sender of a channel. */
  readonly name: string;
  /** Decimals are allowed. */
  readonly perSecond: number;
}

/**
 * The generic cell rate algorithm (ITU-T I.371, virtual scheduling) without an allowance for bursts: the tokens of a call are
 * free together, the next ones when the time that they stand for has passed. By Redis's own clock, in microseconds.
 * KEYS: the state. ARGV: microseconds per token, tokens, microseconds until the earliest use, the longest wait (-1: any).
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local start = math.max(now + tonumber(ARGV[3]), tonumber(redis.call('GET', KEYS[1]) or 0))
local wait = start - now
local longest = tonumber(ARGV[4])
if longest >= 0 and wait > longest then return {0, wait} end
local free = start + tonumber(ARGV[1]) * tonumber(ARGV[2])
redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000) + 1000)
return {1, wait}
`;

/** Of a second: what may go out together. */
const TOGETHER = 0.1;
/** Of the time between two tokens: how far apart those come back who went without. */
const COME_BACK_PACE = 0.9;
const ANY_WAIT = -1;

/**
 * A limit of `perSecond`, to which everybody who names the same prefix and name keeps: in any stretch of time there are
 * at most `perSecond` tokens a second and, at its edges, one grant more (see `largest`).
 */
export function createRateLimit(redis: RedisClient, { prefix, name, perSecond }: RateLimitOptions): RateLimit {
  const perTokenUs = 1_000_000 / perSecond;

  async function reserve(
    key: string,
    eachUs: number,
    count: number,
    earliestMs: number,
    longestMs: number,
  ): Promise<Tokens> {
    const longest = longestMs === ANY_WAIT ? ANY_WAIT : Math.round(longestMs * 1000);
    const answer = await redis.eval(SCRIPT, 1, key, eachUs, count, Math.round(earliestMs * 1000), longest);
    const [granted, waitUs] = answer as [number, number];
    return { granted: granted === 1, waitMs: waitUs / 1000 };
  }

  return {
    largest: Math.max(1, Math.floor(perSecond * TOGETHER)),
    take: (count, maxWaitMs) => reserve(`${prefix}:limit:${jobIdPart(name)}`, perTokenUs, count, 0, maxWaitMs),
    queueUp: async (line, count, earliestMs) => {
      const key = `${prefix}:limit-line:${jobIdPart(name)}:${jobIdPart(line)}`;
      const apartUs = perTokenUs * COME_BACK_PACE;
      const { waitMs } = await reserve(key, apartUs, count, earliestMs, ANY_WAIT);
      return Array.from({ length: count }, (_, i) => waitMs + (i * apartUs) / 1000);
    },
  };
}
