import type { InstallationDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** The schema that this version works with. Every change of an index or of what documents hold raises it. */
export const SCHEMA_VERSION = 1;

/**
 * The oldest schema whose apps can work with what this version makes and writes. It stays where something was only
 * added, and is raised to SCHEMA_VERSION where older apps would do harm; those refuse the database from then on.
 */
export const COMPATIBLE_FROM = 1;

/** Whoever works with half a ledger sends again what it lacks. */
const RESTORING =
  'A restore was begun and has not ended: bring it to its end with `campaign restore`, or drop the database and begin anew.';

export type InstalledSchema = Pick<InstallationDocument, 'version' | 'compatible_from' | 'restoring'>;

/** What `migrate` recorded; schema 0 where it never ran. */
export async function installedSchema(store: Store): Promise<InstalledSchema> {
  const schema = await driver(store.installation).findOne({ _id: 'schema' });
  return schema ?? { version: 0, compatible_from: 0 };
}

/** Why an app of this version cannot work with a database of that schema, and what to do; null: it can. Pure. */
export function schemaFault(
  { version, compatible_from, restoring }: InstalledSchema,
  ours: number = SCHEMA_VERSION,
): string | null {
  if (restoring) return RESTORING;
  if (version < ours) {
    return `The database is at schema ${version}, this version needs ${ours}: run \`campaign migrate\`.`;
  }
  if (compatible_from > ours) {
    return `The database is at schema ${version}, which needs apps of schema ${compatible_from} or later; this version knows ${ours}: run a later version.`;
  }
  return null;
}
