import { setTimeout as delay } from 'node:timers/promises';

/** Thrown when a run did not end in time. */
export class RunTimeoutError extends Error {
  override readonly name = 'RunTimeoutError';
}

/** Asks again and again until the answer is at least `goal`. */
export async function untilAtLeast(goal: number, read: () => Promise<number>, timeoutMs: number): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (value >= goal) return;
    if (performance.now() > giveUpAt) throw new RunTimeoutError(`Only ${value} of ${goal} after ${timeoutMs} ms.`);
    await delay(50);
  }
}
