import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CACHED_PROMETHEUS } from './cache.js';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  /** What it printed on both, for looking into failures. */
  readonly output: string;
}

/** A program on the PATH, among the binaries that KUBEBUILDER_ASSETS names, or fetched for the tests; or undefined. */
export function find(name: string): string | undefined {
  const { PATH = '', KUBEBUILDER_ASSETS = '' } = process.env;
  return [...PATH.split(delimiter), KUBEBUILDER_ASSETS, CACHED_PROMETHEUS]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Runs a program to its end; a failure is an answer, not an exception. */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Run> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(error);
      resolve({ code: error ? Number(error.code) : 0, stdout, output: stdout + stderr });
    });
  });
}

/** As `run`, of a program that must succeed; answers what it printed. */
export async function mustRun(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, output } = await run(program, args, env);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}`);
  return stdout;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
