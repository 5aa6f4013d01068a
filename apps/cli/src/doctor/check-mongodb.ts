import { connectStore, installedSchema, type Store, schemaFault } from '@campaign-manager/core/store';
import { type Config, createClock } from '@campaign-manager/runtime';
import { checkChannels } from './check-channels.js';
import { type Finding, reasonOf } from './finding.js';
import { checkMongoVersion } from './versions.js';

type MongoConfig = Pick<Config, 'mongodbUri' | 'mongodbDatabase'>;

/** Reachability, version, schema, indexes and clock of MongoDB. Changes nothing there. */
export async function checkMongodb({ mongodbUri, mongodbDatabase }: MongoConfig): Promise<readonly Finding[]> {
  let store: Store;
  try {
    store = await connectStore({
      uri: mongodbUri,
      database: mongodbDatabase,
      poolSize: 1,
      maxIdleMs: 0,
      appName: 'campaign-doctor',
    });
  } catch (error) {
    const mend = 'start MongoDB, or correct MONGODB_URI';
    return [{ ok: false, what: 'MongoDB', wrong: `it cannot be reached (${reasonOf(error)})`, mend }];
  }
  try {
    return [
      checkMongoVersion(await versionOf(store)),
      await checkSchema(store),
      await checkIndexes(store),
      await checkClock(store),
      ...(await checkChannels(store)),
    ];
  } catch (error) {
    const mend = 'check the rights of the user in MONGODB_URI';
    return [{ ok: false, what: 'MongoDB', wrong: reasonOf(error), mend }];
  } finally {
    await store.close();
  }
}

async function versionOf({ connection }: Store): Promise<string> {
  const info = await connection.getClient().db('admin').command({ buildInfo: 1 });
  return String(info['version']);
}

async function checkSchema(store: Store): Promise<Finding> {
  const what = `Schema of the database ${store.connection.name}`;
  const schema = await installedSchema(store);
  const wrong = schemaFault(schema);
  if (wrong === null) return { ok: true, what, detail: `${schema.version}` };
  return { ok: false, what, wrong: wrong.replace(/\.$/, ''), mend: 'docs/upgrades.md tells the order of an upgrade' };
}

async function checkIndexes({ connection }: Store): Promise<Finding> {
  const what = `Indexes of the database ${connection.name}`;
  const missing: string[] = [];
  for (const model of Object.values(connection.models)) {
    const { toCreate } = await model.diffIndexes();
    for (const keys of toCreate) missing.push(`${model.collection.name} ${Object.keys(keys).join(', ')}`);
  }
  if (missing.length === 0) return { ok: true, what, detail: 'all are there' };
  const mend = 'run `campaign migrate`: it makes them';
  return { ok: false, what, wrong: `${missing.length} are missing (${missing.join('; ')})`, mend };
}

async function checkClock({ serverTime }: Store): Promise<Finding> {
  const clock = createClock({ readServerTime: serverTime });
  await clock.sync();
  const skewed = clock.skewed();
  if (skewed === null) return { ok: true, what: 'Clock', detail: `${Math.abs(clock.offsetMs())} ms from MongoDB's` };
  return { ok: false, what: 'Clock', wrong: skewed, mend: 'let NTP set the clocks of this machine and of MongoDB' };
}
