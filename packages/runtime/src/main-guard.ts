import { ConfigError } from './config/config-error.js';
import { loadConfig } from './config/load-config.js';
import { maskCredentials } from './credentials.js';
import { createLogger } from './logger.js';

/** EX_CONFIG of sysexits.h: starting again changes nothing before somebody changes the configuration. */
export const EXIT_CONFIG = 78;

/** Thrown when an app cannot start for a reason that an operator must mend; its message is all that is printed. */
export class StartupError extends Error {
  override readonly name: string = 'StartupError';
}

/**
 * Runs an app's main function. A ConfigError prints its lines on standard error and exits with 78, a StartupError one
 * line and 1; anything else, whenever it happens, is logged with its stack and exits with 1.
 */
export async function runApp(app: string, main: () => Promise<void>): Promise<void> {
  const fail = (error: unknown) => process.exit(reportFailure(app, error));
  process.on('uncaughtException', fail);
  try {
    await main();
  } catch (error) {
    fail(error);
  }
}

function reportFailure(app: string, error: unknown): number {
  if (error instanceof ConfigError) {
    for (const fault of error.faults) printLine(`${app}: ${fault}`);
    return EXIT_CONFIG;
  }
  if (error instanceof StartupError) {
    printLine(`${app}: ${error.message}`);
    return 1;
  }
  createLogger(configOrDefaults(), { app }).fatal({ err: error }, `The ${app} failed`);
  return 1;
}

function configOrDefaults() {
  try {
    return loadConfig();
  } catch {
    return loadConfig({});
  }
}

function printLine(line: string): void {
  process.stderr.write(`${maskCredentials(line).replaceAll(/\s*\n\s*/g, ' ')}\n`);
}
