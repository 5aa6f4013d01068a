import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.js';

export interface UntilConnectedOptions<T> {
  /** What is connected to, such as `MongoDB`. */
  readonly name: string;
  readonly connect: () => Promise<T>;
  readonly logger: Logger;
  /** Ends the attempts. */
  readonly signal?: AbortSignal;
  /** How long to wait after attempt 1, 2, ... Default: 0.5 s, doubled up to 10 s. */
  readonly delayMs?: (attempt: number) => number;
}

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 10_000;

/** 0.5 s, 1 s, 2 s, ... 10 s. */
export function connectDelayMs(attempt: number): number {
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
}

/**
 * Connects to a service that may be away when an app starts: tries until it works, with one line in the log for every
 * attempt that failed. Rejects with the signal's reason once that aborts.
 */
export async function untilConnected<T>(options: UntilConnectedOptions<T>): Promise<T> {
  const { name, connect, logger, signal, delayMs = connectDelayMs } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      const connected = await connect();
      if (attempt > 1) logger.info({ service: name, attempt }, `${name} is reached`);
      return connected;
    } catch (error) {
      const waitMs = delayMs(attempt);
      const reason = error instanceof Error ? error.message || error.name : String(error);
      logger.warn({ service: name, attempt, reason, retry_in_ms: waitMs }, `${name} cannot be reached; trying again`);
      await sleep(waitMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }
}
