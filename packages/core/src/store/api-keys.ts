import { createHash } from 'node:crypto';
import type { ApiKeyDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** The name under which the key of the configuration is kept. */
export const BOOTSTRAP_KEY = 'bootstrap';

/** Keys are long and random, so a plain SHA-256 keeps them; the key itself is never stored. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export async function saveApiKey(
  store: Store,
  key: string,
  name: string,
  scopes: readonly string[],
  now: Date,
): Promise<void> {
  await driver(store.apiKeys).updateOne(
    { _id: hashApiKey(key) },
    { $setOnInsert: { name, scopes: [...scopes], created_at: now } },
    { upsert: true },
  );
}

/** Forgets every other key of that name: whoever changes the key of the configuration wants the one before to be worth nothing. */
export async function withdrawOtherKeys(store: Store, key: string, name: string): Promise<void> {
  await driver(store.apiKeys).deleteMany({ name, _id: { $ne: hashApiKey(key) } });
}

export function findApiKey(store: Store, key: string): Promise<ApiKeyDocument | null> {
  return driver(store.apiKeys).findOne({ _id: hashApiKey(key) }) as Promise<ApiKeyDocument | null>;
}
