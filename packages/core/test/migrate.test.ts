import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installedSchema, migrate, SCHEMA_VERSION, type Store, schemaFault } from '../src/store/index.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeEach(async () => {
  test = await openTestStore('migrate');
  store = test.store;
  await store.connection.dropDatabase();
});
afterEach(() => test.close());

const indexesOf = async (one: Store) =>
  Promise.all(Object.values(one.connection.models).map((model) => model.listIndexes()));

it('an empty database gets every collection and index, and its version; a second run has nothing to do', async () => {
  expect(await installedSchema(store)).toEqual({ version: 0, compatible_from: 0 });
  const first = await migrate(store);

  expect(first).toMatchObject({ from: 0, to: SCHEMA_VERSION, unknown: [], dropped: false });
  expect(first.created).toContainEqual({
    collection: 'conversation_states',
    index: 'campaign_id_1_next_action_at_1__id_1',
  });
  expect(await store.conversations.collection.indexes()).toContainEqual(
    expect.objectContaining({ name: 'campaign_id_1_next_action_at_1__id_1' }),
  );
  expect(await installedSchema(store)).toMatchObject({ version: SCHEMA_VERSION, migrated_at: expect.any(Date) });
  expect(await migrate(store)).toEqual({
    from: SCHEMA_VERSION,
    to: SCHEMA_VERSION,
    created: [],
    unknown: [],
    dropped: false,
  });
});

it('many that migrate at once make every index once, and none of them fails', async () => {
  const others = await Promise.all(Array.from({ length: 4 }, () => test.connect()));
  const migrations = await Promise.all(others.map((other) => migrate(other)));

  expect(migrations.map(({ to }) => to)).toEqual([1, 1, 1, 1].map(() => SCHEMA_VERSION));
  const made = await indexesOf(store);
  expect(made.flat().length).toBeGreaterThan(Object.keys(store.connection.models).length);
  await Promise.all(others.map((other) => migrate(other)));
  expect(await indexesOf(store)).toEqual(made);
});

it('an index that was lost is made again, and told', async () => {
  await migrate(store);
  await store.messages.collection.dropIndex('tell_1_settled_at_1');

  expect((await migrate(store)).created).toEqual([{ collection: 'messages', index: 'tell_1_settled_at_1' }]);
});

it('an index that this version does not know is told and left alone, and dropped where that is asked for', async () => {
  await migrate(store);
  await store.messages.collection.createIndex({ subject: 1 });
  const unknown = [{ collection: 'messages', index: 'subject_1' }];
  const has = async () => (await store.messages.collection.indexes()).some(({ name }) => name === 'subject_1');

  expect(await migrate(store)).toMatchObject({ created: [], unknown, dropped: false });
  expect(await has()).toBe(true);
  expect(await migrate(store, { dropUnknown: true })).toMatchObject({ unknown, dropped: true });
  expect(await has()).toBe(false);
});

it('the index of a hashed shard key is nothing unknown, and stays', async () => {
  await migrate(store);
  await store.messages.collection.createIndex({ _id: 'hashed' });

  expect(await migrate(store, { dropUnknown: true })).toMatchObject({ unknown: [] });
  expect((await store.messages.collection.indexes()).map(({ name }) => name)).toContain('_id_hashed');
});

it('a database that a later version migrated keeps its schema and its indexes, also those not known here', async () => {
  await migrate(store);
  await store.messages.collection.createIndex({ subject: 1 });
  await store.installation.updateOne({ _id: 'schema' }, { version: 7 });

  expect(await migrate(store, { dropUnknown: true })).toMatchObject({ from: 7, to: 7, created: [], unknown: [] });
  expect(await installedSchema(store)).toMatchObject({ version: 7, compatible_from: 1 });
  expect((await store.messages.collection.indexes()).map(({ name }) => name)).toContain('subject_1');
});

it('a database that only later versions can work with is refused, and nothing is changed', async () => {
  await store.installation.insertMany([{ _id: 'schema', version: 9, compatible_from: 8, migrated_at: new Date(0) }]);

  await expect(migrate(store)).rejects.toThrow(
    'The database is at schema 9, which needs apps of schema 8 or later; this version knows 1: run a later version.',
  );
  const names = (await store.connection.db?.listCollections().toArray())?.map(({ name }) => name);
  expect(names).toEqual(['installation']);
});

it.each([
  ['never migrated', { version: 0, compatible_from: 0 }, 3, /is at schema 0, this version needs 3: run `campaign mig/],
  ['older', { version: 2, compatible_from: 1 }, 3, /is at schema 2, this version needs 3/],
  ['the same', { version: 3, compatible_from: 1 }, 3, null],
  ['newer, with additions only', { version: 5, compatible_from: 3 }, 3, null],
  ['newer, and nothing for older apps', { version: 5, compatible_from: 4 }, 3, /needs apps of schema 4 or later/],
])('whether an app can work with a database: %s', (_, schema, ours, fault) => {
  if (fault === null) expect(schemaFault(schema, ours)).toBeNull();
  else expect(schemaFault(schema, ours)).toMatch(fault);
});

it('each index is as it was written down for this schema: whoever changes one raises SCHEMA_VERSION', async () => {
  await migrate(store);

  const made = await Promise.all(
    Object.values(store.connection.models).map(async ({ collection }) => {
      const indexes = await collection.indexes();
      return [collection.name, Object.fromEntries(indexes.map(({ name, v, key, ...options }) => [name, options]))];
    }),
  );
  const file = join(__dirname, 'fixtures', `indexes-of-schema-${SCHEMA_VERSION}.json`);
  expect(Object.fromEntries(made)).toEqual(JSON.parse(await readFile(file, 'utf8')));
});
