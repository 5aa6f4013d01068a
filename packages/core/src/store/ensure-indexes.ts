import type { Store } from './connect-store.js';

/** Creates every collection's indexes where they are missing. Safe to run by several processes at once. */
export async function ensureIndexes(store: Store): Promise<void> {
  for (const model of Object.values(store.connection.models)) {
    await model.createCollection().catch(ignoreExisting);
    await model.createIndexes();
  }
}

function ignoreExisting(error: { codeName?: string }): void {
  if (error.codeName !== 'NamespaceExists') throw error;
}
