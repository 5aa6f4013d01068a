import type { Consumer } from '@campaign-manager/queues';
import type { Clock, Logger } from '@campaign-manager/runtime';

const CHECK_MS = 1000;

/**
 * Stops consuming while this process's clock is too far from MongoDB's, from the first moment on, and goes on when it is
 * right again.
 */
export function watchClock(
  clock: Pick<Clock, 'skewed'>,
  consumers: readonly Consumer[],
  logger: Logger,
): { stop(): void } {
  let paused = false;
  const check = () => {
    const reason = clock.skewed();
    if ((reason !== null) === paused) return;
    paused = reason !== null;
    if (reason !== null) logger.error({ reason }, 'The clock is off: no further jobs are taken');
    else logger.info('The clock is right again: jobs are taken');
    for (const consumer of consumers) {
      if (paused) void consumer.pause();
      else consumer.resume();
    }
  };
  check();
  const timer = setInterval(check, CHECK_MS);
  return { stop: () => clearInterval(timer) };
}
