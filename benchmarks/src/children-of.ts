import { readFile } from 'node:fs/promises';

/** The processes that a process has started, as Linux lists them; elsewhere none, and what they use is nobody's. */
export async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return list.split(' ').filter(Boolean).map(Number);
}
