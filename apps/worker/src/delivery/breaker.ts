import { assertNever } from '@campaign-manager/core/engine';

/**
 * Whether a process tries its channel at all. `closed`: it does. After `TOLERATED` chunks in a row that did not reach the
 * provider it is `open`: nothing is tried until the pause is over. Then it is `half_open` while one message, the probe,
 * is under way: if that arrives the breaker closes, else the next pause is twice as long.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly missed: number }
  | { readonly state: 'open'; readonly probeAt: number; readonly pauseMs: number }
  | { readonly state: 'half_open'; readonly pauseMs: number };

/** What may be done now: try a chunk, try one message, or nothing. */
export type Leave = 'go' | 'probe' | 'wait';

/** What became of a chunk: the provider answered, it could not be reached, or nobody can tell (nothing was sent). */
export type Contact = 'reached' | 'missed' | 'none';

const TOLERATED = 3;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

export const CLOSED: Breaker = { state: 'closed', missed: 0 };

/** Asks for leave to try; whoever gets `probe` must tell what became of it. `now` in any milliseconds. Pure. */
export function askLeave(breaker: Breaker, now: number): { readonly breaker: Breaker; readonly leave: Leave } {
  switch (breaker.state) {
    case 'closed':
      return { breaker, leave: 'go' };
    case 'open':
      if (now < breaker.probeAt) return { breaker, leave: 'wait' };
      return { breaker: { state: 'half_open', pauseMs: breaker.pauseMs }, leave: 'probe' };
    case 'half_open':
      return { breaker, leave: 'wait' };
    default:
      return assertNever(breaker);
  }
}

/**
 * Tells what became of a chunk that had leave. Chunks that set out before the breaker opened may come in late: if they
 * arrived, so does everybody; if they did not, nothing new was learnt. Pure.
 */
export function tellContact(breaker: Breaker, leave: Leave, contact: Contact, now: number): Breaker {
  if (contact === 'reached') return CLOSED;
  switch (breaker.state) {
    case 'closed':
      if (contact === 'none') return breaker;
      return breaker.missed + 1 < TOLERATED
        ? { state: 'closed', missed: breaker.missed + 1 }
        : open(FIRST_PAUSE_MS, now);
    case 'open':
      return breaker;
    case 'half_open':
      if (leave !== 'probe') return breaker;
      return contact === 'none' ? open(breaker.pauseMs, now) : open(breaker.pauseMs * 2, now);
    default:
      return assertNever(breaker);
  }
}

/** The state for whoever looks from outside: an open breaker whose pause is over lets the next message try. Pure. */
export function stateOf(breaker: Breaker, now: number): Breaker['state'] {
  return breaker.state === 'open' && now >= breaker.probeAt ? 'half_open' : breaker.state;
}

function open(pauseMs: number, now: number): Breaker {
  const bounded = Math.min(LONGEST_PAUSE_MS, pauseMs);
  return { state: 'open', pauseMs: bounded, probeAt: now + bounded };
}
