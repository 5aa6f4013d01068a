import { CliError } from './cli-error.js';

/**
 * Runs what a command does. False makes this process end with 1, what can be foreseen to go wrong with its own code, told
 * on standard error, without a trace. Nothing is cut short: the process ends when its output is written.
 * @param output what whoever reads our output may do: stop when it has read enough, as in `campaign simulate ... | head`,
 *   or, where a part of it is worth nothing, not; then the action itself sees that it is written.
 */
export async function runAction(
  action: () => boolean | Promise<boolean>,
  output: 'may be cut' | 'is whole' = 'may be cut',
): Promise<void> {
  if (output === 'may be cut') {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  }
  try {
    if (!(await action())) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const lines = [error.message, ...error.lines, ...(error.hint === undefined ? [] : [`Hint: ${error.hint}`])];
    process.stderr.write(`${lines.join('\n')}\n`);
    process.exitCode = error.exitCode;
  }
}

export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  printLine(JSON.stringify(value, null, 2));
}
