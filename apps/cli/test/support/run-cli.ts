import { execFile } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..', '..', '..');

const FILE = join(ROOT, 'apps', 'cli', 'bin', 'campaign.js');

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built `campaign` command to its end, from the root, with nothing else in its environment. */
export function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<CliRun> {
  return run(process.execPath, [FILE, ...args], env, input);
}

/** As `runCli` for a line of a shell, with its pipes, that calls the command by its name. */
export function runShell(script: string, env: Readonly<Record<string, string>> = {}): Promise<CliRun> {
  const named = `campaign() { "${process.execPath}" "${FILE}" "$@"; }`;
  return run('sh', ['-c', `${named}; ${script}`], env, '');
}

function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
): Promise<CliRun> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { cwd: ROOT, env: { PATH: process.env['PATH'], ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}
