import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CACHE, CACHED_PROMETHEUS } from './cache.js';

/** What the package has for us. */
export const PROMETHEUS_PROGRAMS = ['prometheus', 'promtool'];

const PACKAGE = 'prometheus';
/** For each of the steps. */
const TIMEOUT_MS = 120_000;

/**
 * Fetches Prometheus into the cache: Debian's package, which apt checks. That needs no root, and installs nothing. It
 * waits for it, since Jest wants to know at once whether a suite is skipped. Answers why it could not, if so.
 */
export function fetchPrometheus(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-manager-prometheus-'));
  try {
    process.stderr.write(`Fetching Prometheus (19 MB, once) with apt-get into ${CACHED_PROMETHEUS}.\n`);
    keep(unpack(download(folder), folder));
    return undefined;
  } catch (error) {
    return String(error).trim().split('\n').at(-1); // the last that the program said
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With the machine's own lists of packages; where they do not do, with new ones of our own. */
function download(folder: string): string {
  const lists = ['-o', `Dir::State::lists=${join(folder, 'lists')}`, '-o', `Dir::Cache=${join(folder, 'cache')}`];
  try {
    run('apt-get', ['download', PACKAGE], folder);
  } catch {
    run('apt-get', ['update', ...lists], folder);
    run('apt-get', ['download', PACKAGE, ...lists], folder);
  }
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error('apt-get left no package behind.');
  return join(folder, file);
}

function unpack(file: string, folder: string): string {
  run('dpkg-deb', ['--extract', file, join(folder, 'files')], folder);
  return join(folder, 'files/usr/bin');
}

/** Whole or not at all, also where another run does the same at the same time. */
function keep(programs: string): void {
  mkdirSync(CACHE, { recursive: true });
  const aside = mkdtempSync(join(CACHE, 'download-'));
  try {
    chmodSync(aside, 0o755);
    for (const program of PROMETHEUS_PROGRAMS) copyFileSync(join(programs, program), join(aside, program));
    renameSync(aside, CACHED_PROMETHEUS);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error; // the other run was faster
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], cwd: string): void {
  execFileSync(program, args, { cwd, timeout: TIMEOUT_MS, stdio: ['ignore', 'ignore', 'pipe'] });
}
