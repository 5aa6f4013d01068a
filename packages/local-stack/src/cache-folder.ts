import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where downloaded servers are kept: the given folder, or `.cache/campaign-manager` in the user's home. */
export function cacheFolder(given: string | undefined): string {
  return resolve(given ?? join(homedir(), '.cache', 'campaign-manager'));
}
