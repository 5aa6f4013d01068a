import { readdir, readFile, readlink } from 'node:fs/promises';

/** Which of these processes has a connection from this port of 127.0.0.1; by Linux's own tables. */
export async function ownerOf(port: number, pids: readonly number[]): Promise<number | undefined> {
  const inode = inodeOf(port, await readFile('/proc/net/tcp', 'utf8'));
  if (inode === undefined) return undefined;
  for (const pid of pids) {
    if (await holds(pid, `socket:[${inode}]`)) return pid;
  }
  return undefined;
}

/** Fields of a line: number, local address, remote address, state, ..., inode as the tenth. */
function inodeOf(port: number, table: string): string | undefined {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const line = table.split('\n').find((one) => one.trim().split(/\s+/)[1] === local);
  return line?.trim().split(/\s+/)[9];
}

async function holds(pid: number, socket: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const files = await readdir(folder).catch(() => []);
  for (const file of files) {
    if ((await readlink(`${folder}/${file}`).catch(() => '')) === socket) return true;
  }
  return false;
}
