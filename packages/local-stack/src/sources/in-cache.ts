import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BinaryLookup } from './binary.js';

/** The first of the programs that is in the cache folder. What is there was checked before it was put there. */
export async function inCache(names: readonly string[], cacheDir: string): Promise<BinaryLookup> {
  const name = names.find((candidate) => existsSync(join(cacheDir, candidate)));
  if (name === undefined) return { status: 'missing', reason: `nothing in ${cacheDir}` };
  return { status: 'found', program: join(cacheDir, name), description: `${name} from the cache ${cacheDir}` };
}
