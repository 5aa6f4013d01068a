import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Waits until its standard input ends, which happens when our process ends for whatever reason, SIGKILL included; then
 * ends the child's process group ($1) and removes its temporary folder ($2).
 */
const WATCH = `
read -r _
kill -s TERM -- "-$1"
n=0
while [ $n -lt 100 ] && kill -s 0 -- "-$1"; do n=$((n + 1)); sleep 0.1; done
kill -s KILL -- "-$1"
[ -z "$2" ] || rm -rf -- "$2"
`;

/**
 * Spawns a child in a process group of its own, so that the terminal's Ctrl-C reaches us alone and the order of
 * shutdown is ours. A watcher makes sure that the child does not outlive us.
 *
 * @param temporaryFolder removed after the child, should we end without `endChild`.
 */
export function spawnOwned(
  file: string,
  args: readonly string[],
  options: SpawnOptions,
  temporaryFolder?: string,
): ChildProcess {
  const child = spawn(file, args, { ...options, detached: true });
  if (child.pid !== undefined) watch(child, child.pid, temporaryFolder ?? '');
  return child;
}

function watch(child: ChildProcess, pid: number, folder: string): void {
  const watcher = spawn('sh', ['-c', WATCH, 'sh', String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Where there is no shell, the child merely lacks its watcher.
  watcher.on('error', () => undefined);
  watcher.stdin?.on('error', () => undefined);
  watcher.unref();
  child.once('exit', () => {
    watcher.kill('SIGKILL');
    watcher.stdin?.destroy();
  });
}

/** Asks the child to end, and after `graceMs` makes it and what it started end. Resolves when it is gone. */
export async function endChild(child: ChildProcess, graceMs: number): Promise<void> {
  const { pid } = child;
  if (pid === undefined || hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => killGroup(pid), graceMs);
  await ended;
  clearTimeout(force);
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}
