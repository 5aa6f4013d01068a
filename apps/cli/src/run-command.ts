import { constants } from 'node:os';
import { createScreen, type Screen } from './screen.js';
import { InterruptedError, interruption } from './system/interrupt.js';
import { createTeardown, type Teardown } from './system/teardown.js';

type Run = (screen: Screen, teardown: Teardown) => Promise<boolean>;

/** Whether a command has done its work when it is interrupted. */
type Interrupted = 'is done' | 'is cut short';

/**
 * Runs a command until it ends, fails or is interrupted, and then stops whatever it started. Ends this process: with 0
 * where the command answered true, with 1 where it did not or failed; after a signal with 0, or, where that cut the work
 * short, with 128 and the signal's number.
 */
export async function runCommand(run: Run, interrupted: Interrupted): Promise<never> {
  const screen = createScreen(process.stdout);
  const teardown = createTeardown();
  const exitCode = await Promise.race([run(screen, teardown), interruption()]).then(
    (holds) => (holds ? 0 : 1),
    (error) => report(error, interrupted, screen),
  );
  await teardown.run();
  process.exit(exitCode);
}

function report(error: unknown, interrupted: Interrupted, screen: Screen): number {
  screen.release();
  if (error instanceof InterruptedError) {
    screen.line('Stopping everything ...');
    return interrupted === 'is done' ? 0 : 128 + constants.signals[error.signal];
  }
  screen.line(screen.paint('red', error instanceof Error ? error.message : String(error)));
  return 1;
}
