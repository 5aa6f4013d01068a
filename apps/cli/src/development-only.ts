import { CliError } from './cli-error.js';

/**
 * Loads a command that starts MongoDB, Redis and a mailbox on this machine. What it needs for that is a development
 * dependency, which the image does not carry.
 *
 * @throws CliError where it is not installed.
 */
export async function developmentOnly<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes('@campaign-manager/local-stack')) throw error;
    throw new CliError(
      'This command starts services for development, which are not installed here: run it in a clone of the repository; docker/README.md tells how to run the image.',
    );
  }
}
