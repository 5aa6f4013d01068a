import type { Consumer } from '@campaign-manager/queues';
import type { Logger } from '@campaign-manager/runtime';
import { watchClock } from './watch-clock.js';

it('a worker whose clock is off from the start takes no job at all', () => {
  const done: string[] = [];
  const consumer = { pause: async () => void done.push('pause'), resume: () => void done.push('resume') };
  const logger = { error: ({ reason }: { reason: string }) => void done.push(reason), info: () => undefined };

  const watch = watchClock(
    { skewed: () => 'an hour ahead' },
    [consumer as unknown as Consumer],
    logger as unknown as Logger,
  );
  watch.stop();

  expect(done).toEqual(['an hour ahead', 'pause']);
});
