import type { LastLook } from '@campaign-manager/channels';
import type { Verdict } from '@campaign-manager/core/store';
import type { Stopwatch } from './elapsed.js';

/** From the gate to the wire at most this long (design, section 7, promise 6). */
export const GATE_TO_WIRE_MS = 1000;

export interface LastLookPorts {
  readonly sinceGate: Stopwatch;
  /** What is left of the lease; negative when it is over. */
  readonly leaseLeftMs: () => number;
  /** The whole sending is over within this time. */
  readonly timeoutMs: number;
  readonly stopwatch: () => Stopwatch;
  /** Reads the gate once more, for this message alone. */
  readonly gateAgain: () => Promise<Verdict>;
  /** Is told how old the look through the gate was when the body had been handed to the system. */
  readonly onGone: (gateAgeMs: number) => void;
}

/** The last look of one sending, and why it said stop. */
export interface OneLastLook {
  readonly look: LastLook;
  readonly stopped: () => Exclude<Verdict, 'pass'>;
}

/**
 * Says go while the lease covers the rest of the sending and the look through the gate is fresh. Where a slow server
 * made it stale, the gate is read again; where that takes too long as well, the message waits for another time.
 */
export function createLastLook(ports: LastLookPorts): OneLastLook {
  const { sinceGate, leaseLeftMs, timeoutMs, stopwatch, gateAgain, onGone } = ports;
  const sinceStart = stopwatch();
  let stopped: Exclude<Verdict, 'pass'> = 'halt';

  const holdsLease = () => leaseLeftMs() > 0 && leaseLeftMs() >= timeoutMs - sinceStart();

  function pass(gateAgeMs: number, sinceLook = sinceGate): string | null {
    if (!holdsLease()) return 'the lease is over';
    if (gateAgeMs > GATE_TO_WIRE_MS) return 'the look through the gate is stale';
    // Channels write in this turn. A process that is suspended in between leaves late nevertheless, and that must be seen.
    process.nextTick(() => onGone(sinceLook()));
    return null;
  }

  async function lookAgain(): Promise<string | null> {
    const since = stopwatch();
    const verdict = await gateAgain();
    if (verdict === 'pass') return pass(since(), since);
    stopped = verdict;
    return `the gate says ${verdict}`;
  }

  return {
    look: () => (sinceGate() > GATE_TO_WIRE_MS && holdsLease() ? lookAgain() : pass(sinceGate())),
    stopped: () => stopped,
  };
}
