import type { Model } from 'mongoose';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { ConflictError, isDuplicateKey } from './errors.js';
import {
  COMPATIBLE_FROM,
  type InstalledSchema,
  installedSchema,
  SCHEMA_VERSION,
  schemaFault,
} from './schema-version.js';

export interface IndexName {
  readonly collection: string;
  /** As MongoDB names it, such as `campaign_id_1_status_1`. */
  readonly index: string;
}

/** What one run of `migrate` did. */
export interface Migration {
  /** The schema before; 0: none was recorded. */
  readonly from: number;
  readonly to: number;
  readonly created: readonly IndexName[];
  /** Indexes that this version does not know; they stand unless they were to be dropped. */
  readonly unknown: readonly IndexName[];
  readonly dropped: boolean;
}

/**
 * Brings the database to the schema of this version: collections and indexes that are missing, then the version itself.
 * Safe to run again, and by several at once. Apps wait until it has run, so nobody works without the indexes.
 * A database that a later version migrated stays as it is.
 * @throws ConflictError where a later version has made the database one that this version cannot work with, and where a
 * restore has not ended: what ends it is its own end, and no migration that happens to come by.
 */
export async function migrate(
  store: Store,
  { dropUnknown = false }: { readonly dropUnknown?: boolean } = {},
): Promise<Migration> {
  const before = await installedSchema(store);
  if (before.restoring || before.version > SCHEMA_VERSION) return leaveAlone(before);
  const made = await makeIndexes(store, dropUnknown);
  await recordSchema(store);
  return { from: before.version, to: SCHEMA_VERSION, ...made, dropped: dropUnknown };
}

/** Collections and indexes, without the version: nobody works with them before that is recorded as well. */
async function makeIndexes(store: Store, dropUnknown = false): Promise<Pick<Migration, 'created' | 'unknown'>> {
  const created: IndexName[] = [];
  const unknown: IndexName[] = [];
  for (const model of Object.values(store.connection.models)) {
    await model.createCollection().catch(ignoreExisting);
    const { toCreate, toDrop } = await model.diffIndexes();
    const collection = model.collection.name;
    created.push(...toCreate.map((keys) => ({ collection, index: nameOf(keys) })));
    const strange = toDrop.filter((index) => !isOfShardKey(index));
    unknown.push(...strange.map((index) => ({ collection, index })));
    if (dropUnknown) await drop(model, strange); // first: one of other options may stand in the way of ours
    if (toCreate.length > 0) await model.createIndexes();
  }
  return { created, unknown };
}

function leaveAlone(schema: InstalledSchema): Migration {
  const fault = schemaFault(schema);
  if (fault !== null) throw new ConflictError(fault);
  return { from: schema.version, to: schema.version, created: [], unknown: [], dropped: false };
}

/** From now on neither an app nor `migrate` has anything to do with the database, until `endRestore`. */
export async function noteRestore(store: Store, restoring: 'filling' | 'filled'): Promise<void> {
  await driver(store.installation).updateOne(
    { _id: 'schema' },
    { $set: { restoring }, $setOnInsert: { version: 0, compatible_from: 0 } },
    { upsert: true },
  );
}

/** The indexes of what is restored, for the work on it that follows. Those of a later version stay as they are. */
export async function indexRestored(store: Store): Promise<void> {
  if ((await installedSchema(store)).version <= SCHEMA_VERSION) await makeIndexes(store);
}

/** What was restored is whole and safe to work with: it gets its version, and apps may begin. */
export async function endRestore(store: Store): Promise<void> {
  await recordSchema(store);
  await driver(store.installation).updateOne({ _id: 'schema' }, { $unset: { restoring: 1 } } as never);
}

/** From now on apps of this version work with the database. Never lowers what a later version recorded. */
async function recordSchema(store: Store): Promise<void> {
  try {
    await driver(store.installation).updateOne(
      { _id: 'schema', version: { $lt: SCHEMA_VERSION } },
      { $set: { version: SCHEMA_VERSION, compatible_from: COMPATIBLE_FROM }, $currentDate: { migrated_at: true } },
      { upsert: true },
    );
  } catch (error) {
    if (!isDuplicateKey(error)) throw error; // it is there, and not older
  }
}

async function drop(model: Model<unknown>, names: readonly string[]): Promise<void> {
  for (const name of names) await model.collection.dropIndex(name).catch(ignoreMissing);
}

/** Ours are never hashed; whoever shards a collection by the hashed `_id` (docs/scaling.md) needs such an index. */
function isOfShardKey(index: string): boolean {
  return index.endsWith('_hashed');
}

function nameOf(keys: object): string {
  return Object.entries(keys).flat().join('_');
}

function ignoreExisting(error: { codeName?: string }): void {
  if (error.codeName !== 'NamespaceExists') throw error;
}

function ignoreMissing(error: { codeName?: string }): void {
  if (error.codeName !== 'IndexNotFound') throw error;
}
