import { constants } from 'node:os';

/** Thrown when somebody asked us to stop. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  /** As a shell counts it: 128 and the number of the signal. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`Stopped by ${signal}.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Rejects at Ctrl-C or SIGTERM; never resolves. From now on neither ends the process by itself. */
export function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => reject(new InterruptedError(signal)));
  });
}
