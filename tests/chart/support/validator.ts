import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './cache.js';
import { mustRun, type Run, run } from './program.js';

/** It carries the schemas of every Kubernetes version up to its own. */
const PACKAGE = 'kubernetes-validate==1.37.0';

/** Validates files of manifests against the schemas of a Kubernetes version; an unknown field is an error. */
export type Validator = (files: readonly string[], kubernetes: string) => Promise<Run>;

/** Installs the validator once into the user's cache. */
export async function installValidator(): Promise<Validator> {
  const folder = join(CACHE, PACKAGE.replace('==', '-'));
  const program = join(folder, 'bin/kubernetes-validate');
  if (!existsSync(program)) {
    await mustRun('python3', ['-m', 'venv', '--clear', folder]);
    await mustRun(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', PACKAGE]);
  }
  return (files, kubernetes) => run(program, ['--strict', '--kubernetes-version', kubernetes, ...files]);
}
