import { dropDatabase, testDatabaseName, testMongoUri } from '@campaign-manager/testkit';
import { connectStore, migrate, type Store } from '../../src/store/index.js';

export interface TestStore {
  readonly store: Store;
  readonly database: string;
  /** Another connection to the same database, such as another worker has; closed with the rest. */
  connect(uri?: string): Promise<Store>;
  close(): Promise<void>;
}

/** A database of the test file's own, with every index, on the real MongoDB of this run. */
export async function openTestStore(label: string): Promise<TestStore> {
  const database = testDatabaseName(label);
  const opened: Store[] = [];
  const connect = async (uri = testMongoUri()): Promise<Store> => {
    const store = await connectStore({ uri, database, poolSize: 10, maxIdleMs: 60_000, appName: label });
    opened.push(store);
    return store;
  };
  const store = await connect();
  await migrate(store);
  return {
    store,
    database,
    connect,
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
      await dropDatabase(database);
    },
  };
}
