import type { ApiKeyDocument } from '@campaign-manager/core/models';
import { findApiKey, hashApiKey } from '@campaign-manager/core/store';
import type { ApiContext } from '../context.js';

/** A key that was withdrawn works this long at most. */
const REMEMBERED_MS = 5000;

interface Remembered {
  readonly key: ApiKeyDocument;
  readonly untilMs: number;
}

/**
 * Looks API keys up, and remembers those that exist for a few seconds. Unknown ones are not remembered, so the memory
 * holds at most as many as there are.
 */
export function createKeyFinder({
  store,
  clock,
}: Pick<ApiContext, 'store' | 'clock'>): (key: string) => Promise<ApiKeyDocument | null> {
  const remembered = new Map<string, Remembered>();
  return async (key) => {
    const hash = hashApiKey(key);
    const known = remembered.get(hash);
    if (known && clock.now() < known.untilMs) return known.key;
    remembered.delete(hash);
    const found = await findApiKey(store, key);
    if (found) remembered.set(hash, { key: found, untilMs: clock.now() + REMEMBERED_MS });
    return found;
  };
}
