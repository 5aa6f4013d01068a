import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

export interface UntilOptions {
  /** Default: 10 s. */
  readonly timeoutMs?: number;
  /** What is waited for, for the failure's message: `the mail is in the mailbox`. */
  readonly describe: string;
}

/** Thrown when a condition did not come true in time. Its cause is what the condition threw last, if it threw. */
export class UntilTimeoutError extends Error {
  override readonly name = 'UntilTimeoutError';
}

/**
 * Asks every 20 ms until the condition gives something truthy, and returns that. A condition that throws is not true
 * yet. Stand in for sleeps with this.
 *
 * @throws UntilTimeoutError
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, describe }: UntilOptions,
): Promise<NonNullable<T>> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const last = await ask(condition);
    if ('value' in last && last.value) return last.value;
    if (performance.now() >= giveUpAt) throw timeout(describe, timeoutMs, last);
    await delay(POLL_MS);
  }
}

type Answer<T> = { readonly value: T } | { readonly error: unknown };

async function ask<T>(condition: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await condition() };
  } catch (error) {
    return { error };
  }
}

function timeout(describe: string, timeoutMs: number, last: Answer<unknown>): UntilTimeoutError {
  const waited = `Waited ${timeoutMs} ms in vain until ${describe}`;
  if ('value' in last) return new UntilTimeoutError(`${waited}; the last answer was ${String(last.value)}.`);
  return new UntilTimeoutError(`${waited}; the last try threw: ${String(last.error)}`, { cause: last.error });
}
