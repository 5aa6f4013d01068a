import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tools } from '../tools.js';
import type { BinaryLookup } from './binary.js';

const SITE = 'https://fastdl.mongodb.org';
const VERSION = '7.0.14';

export const SITE_CACHE_NAME = `mongod-${VERSION}`;

/**
 * MongoDB's own build for this machine, which mongodb-memory-server-core knows to choose, fetch and compare with its
 * published checksum. Its patience with a silent host is a minute, so the host is asked first.
 */
export async function fromMongodbSite(
  cacheDir: string,
  tools: Tools,
  log: (line: string) => void,
): Promise<BinaryLookup> {
  if (!(await tools.reachable(SITE, 3000))) return { status: 'missing', reason: `${SITE} cannot be reached` };
  const { MongoBinary } = await import('mongodb-memory-server-core');
  await mkdir(cacheDir, { recursive: true });
  const folder = await mkdtemp(join(cacheDir, 'download-'));
  try {
    log(`Downloading ${SITE_CACHE_NAME} (about 80 MB, once) from ${SITE}.`);
    const fetched = await MongoBinary.getPath({ version: VERSION, downloadDir: folder, checkMD5: true });
    const description = `${SITE_CACHE_NAME} from ${SITE}`;
    // It may also have found one elsewhere, which stays where it is.
    if (!fetched.startsWith(folder)) return { status: 'found', program: fetched, description };
    const program = join(cacheDir, SITE_CACHE_NAME);
    await rename(fetched, program);
    return { status: 'found', program, description: `${description}, kept in ${cacheDir}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
