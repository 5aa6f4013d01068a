import { setTimeout as delay } from 'node:timers/promises';

const ASK_EVERY_MS = 50;
const ASK_AT_LEAST_EVERY_MS = 1000;

/** Thrown when a run did not end in time. */
export class RunTimeoutError extends Error {
  override readonly name = 'RunTimeoutError';
}

/**
 * Asks until the answer, which grows, is at least `goal`. While that is far away it asks rarely, since whoever answers is
 * being measured.
 * @throws RunTimeoutError where the answer has not grown for `stalledMs`.
 */
export async function untilAtLeast(goal: number, read: () => Promise<number>, stalledMs: number): Promise<void> {
  const started = performance.now();
  const first = await read();
  let latest = { value: first, at: started };
  for (;;) {
    const now = performance.now();
    const value = await read();
    if (value >= goal) return;
    if (value > latest.value) latest = { value, at: now };
    if (now - latest.at >= stalledMs) throw new RunTimeoutError(`Only ${value} of ${goal}, for ${stalledMs} ms.`);
    await delay(pauseMs({ done: value - first, left: goal - value, elapsedMs: now - started }));
  }
}

/** Half of the time that the rest will take by the rate so far, within bounds. Pure. */
export function pauseMs({ done, left, elapsedMs }: { done: number; left: number; elapsedMs: number }): number {
  if (done <= 0) return ASK_EVERY_MS;
  return Math.min(ASK_AT_LEAST_EVERY_MS, Math.max(ASK_EVERY_MS, (left / done) * elapsedMs * 0.5));
}

/** Asks again and again until the answer is yes. `what` tells what was waited for. */
export async function untilTrue(what: string, read: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  while (!(await read())) {
    if (performance.now() > giveUpAt) throw new RunTimeoutError(`Not within ${timeoutMs} ms: ${what}.`);
    await delay(ASK_EVERY_MS);
  }
}
