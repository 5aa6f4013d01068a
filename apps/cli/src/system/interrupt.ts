import { createTrouble } from './trouble.js';

/** Thrown when somebody asked us to stop. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`);
    this.signal = signal;
  }
}

/** Rejects with InterruptedError at Ctrl-C or SIGTERM; never resolves. From now on neither ends the process by itself. */
export function interruption(): Promise<never> {
  const { failed, fail } = createTrouble();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => fail(new InterruptedError(signal)));
  return failed;
}
