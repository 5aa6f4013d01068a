import { setTimeout as delay } from 'node:timers/promises';

const ASK_EVERY_MS = 50;

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
    await delay(ASK_EVERY_MS);
  }
}

/** Asks again and again until the answer is yes. `what` tells what was waited for. */
export async function untilTrue(what: string, read: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  while (!(await read())) {
    if (performance.now() > giveUpAt) throw new RunTimeoutError(`Not within ${timeoutMs} ms: ${what}.`);
    await delay(ASK_EVERY_MS);
  }
}
