import { connectStore, migrate, type Store } from '@campaign-manager/core/store';
import { testMongoUri } from '@campaign-manager/testkit';

/** A connection to a database that is migrated, as every installation begins. */
export async function migratedStore(database: string, uri = testMongoUri()): Promise<Store> {
  const store = await connectStore({ uri, database, poolSize: 5, maxIdleMs: 30_000, appName: 'test' });
  await migrate(store);
  return store;
}
