import { fileURLToPath } from 'node:url';
import { startProcess } from '@campaign-manager/local-stack';
import type { LoadOrder, LoadReport } from './order.js';

const FILE = fileURLToPath(new URL('./main.js', import.meta.url));
const TIMEOUT_MS = 900_000;
const AT_ONCE = 64;

/** Posts replies from a process of its own, so that its work is nobody's; resolves when each has its answer. */
export async function runLoad(order: Omit<LoadOrder, 'atOnce'>): Promise<LoadReport> {
  const task: LoadOrder = { ...order, atOnce: AT_ONCE };
  const client = startProcess({ label: 'the load client', file: FILE, args: [JSON.stringify(task)] });
  try {
    return JSON.parse(await client.waitForLine(/^\{"startedAt"/, TIMEOUT_MS)) as LoadReport;
  } finally {
    await client.stop();
  }
}
