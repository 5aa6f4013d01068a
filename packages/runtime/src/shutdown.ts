import type { Logger } from './logger.js';

export interface ShutdownStep {
  readonly name: string;
  readonly run: () => unknown;
}

export interface ShutdownOptions {
  readonly logger: Logger;
  /** For all steps together. */
  readonly timeoutMs: number;
  /** One after another, in this order; one that fails does not keep the next ones from running. */
  readonly steps: readonly ShutdownStep[];
}

/** What is used of `process`. */
export interface StoppableProcess {
  on(signal: 'SIGTERM' | 'SIGINT', listener: (signal: NodeJS.Signals) => void): unknown;
  exit(code: number): unknown;
}

/**
 * Stops an app in order at the first SIGTERM or SIGINT, then exits: with 0 if all went well, with 1 if a step failed, if
 * the time ran out, or at once at a second signal. Answers a function that starts the same by hand; it runs once.
 */
export function onShutdown(
  { logger, timeoutMs, steps }: ShutdownOptions,
  target: StoppableProcess = process,
): (reason: string) => Promise<void> {
  let stopping: Promise<void> | undefined;

  async function stop(reason: string): Promise<void> {
    logger.info({ reason }, 'Stopping');
    const timer = setTimeout(() => {
      logger.error({ timeout_ms: timeoutMs }, 'Stopping took too long; exiting with work unfinished');
      target.exit(1);
    }, timeoutMs);
    const failures = await runSteps(steps, logger);
    clearTimeout(timer);
    logger.info({ failures }, 'Stopped');
    target.exit(failures === 0 ? 0 : 1);
  }

  const trigger = (reason: string) => {
    stopping ??= stop(reason);
    return stopping;
  };
  let signalled = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (signalled) {
      logger.warn({ signal }, 'A second signal; exiting at once');
      target.exit(1);
    } else {
      signalled = true; // one that comes after a start by hand is not the second
      void trigger(signal);
    }
  };
  target.on('SIGTERM', onSignal);
  target.on('SIGINT', onSignal);
  return trigger;
}

async function runSteps(steps: readonly ShutdownStep[], logger: Logger): Promise<number> {
  let failures = 0;
  for (const { name, run } of steps) {
    const started = performance.now();
    const duration = () => Math.round(performance.now() - started);
    try {
      await run();
      logger.info({ step: name, duration_ms: duration() }, 'A shutdown step is done');
    } catch (err) {
      failures += 1;
      logger.error({ err, step: name, duration_ms: duration() }, 'A shutdown step failed');
    }
  }
  return failures;
}
