import { ConfigError } from './config-error.js';

const REASONS: { readonly [code: string]: string } = {
  EADDRINUSE: 'another process listens there: end it, or choose another port',
  EACCES: 'this process may not listen there: choose a port above 1023',
};

/** Thrown when a port is allowed by its form, but cannot be listened on. */
export class PortError extends ConfigError {
  override readonly name: string = 'PortError';
  readonly variable: string;
  readonly port: number;

  constructor(variable: string, port: number, reason: string, cause: unknown) {
    super([`${variable} is "${port}", but ${reason}.`], { cause });
    this.variable = variable;
    this.port = port;
  }
}

/**
 * Waits until a listener listens on the port that a variable sets.
 * @throws PortError where the port is taken or may not be opened; any other error as it is.
 */
export async function listenOn<T>(variable: string, port: number, listening: Promise<T>): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    const reason = REASONS[String((error as NodeJS.ErrnoException).code)];
    throw reason === undefined ? error : new PortError(variable, port, reason, error);
  }
}
