import { readdir, readFile, readlink } from 'node:fs/promises';

/** A connection within 127.0.0.1, by the ports of its two ends. */
export interface Ends {
  readonly from: number;
  readonly to: number;
}

/** Which of these processes opened this connection; by Linux's own tables. */
export async function ownerOf(ends: Ends, pids: readonly number[]): Promise<number | undefined> {
  const inode = inodeOf(ends, await readFile('/proc/net/tcp', 'utf8'));
  if (inode === undefined) return undefined;
  for (const pid of pids) {
    if (await holds(pid, `socket:[${inode}]`)) return pid;
  }
  return undefined;
}

/**
 * Fields of a line: number, local address, remote address, state, ..., inode as the tenth. One port may lead to several
 * servers at once, and to those it has just left.
 */
export function inodeOf({ from, to }: Ends, table: string): string | undefined {
  const lines = table.split('\n').map((line) => line.trim().split(/\s+/));
  return lines.find(([, local, remote]) => local === address(from) && remote === address(to))?.[9];
}

function address(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

async function holds(pid: number, socket: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const files = await readdir(folder).catch(() => []);
  for (const file of files) {
    if ((await readlink(`${folder}/${file}`).catch(() => '')) === socket) return true;
  }
  return false;
}
