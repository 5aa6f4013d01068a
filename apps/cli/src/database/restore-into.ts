import {
  BackupError,
  ConflictError,
  endRestore,
  forgetFirstStart,
  indexRestored,
  installedSchema,
  loadBackup,
  markRestored,
  noteRestore,
  type Restored,
  SCHEMA_VERSION,
  type Store,
  schemaFault,
} from '@campaign-manager/core/store';
import { CliError } from '../cli-error.js';
import { readDump } from './dump-file.js';

interface Options {
  readonly file: string | undefined;
  readonly takenAt: Date | undefined;
  readonly marginMs: number;
}

type Told = Restored & { readonly taken_at: Date; readonly until: Date };

/** Fills the database, makes it safe, and only then lets the apps and `migrate` at it: they refuse it until the end. */
export async function restoreInto(store: Store, { file, takenAt, marginMs }: Options): Promise<Told> {
  const taken_at = takenAt ?? (await fill(store, file ?? ''));
  const until = new Date(await store.serverTime());
  if (taken_at > until) throw new CliError(`The backup cannot be from the future: ${taken_at.toISOString()}.`);
  if (file === undefined) await take(store);
  await indexRestored(store);
  const restored = await markRestored(store, { takenAt: taken_at.getTime(), until: until.getTime(), marginMs });
  await endRestore(store);
  return { taken_at, until, ...restored };
}

/** A database that was filled by other means. */
async function take(store: Store): Promise<void> {
  const { restoring, ...schema } = await installedSchema(store);
  if (restoring === 'filling') {
    const hint = `drop the database ${store.connection.name} and restore the file anew`;
    throw new CliError('A file was being restored into this database, and not all of it is there.', { hint });
  }
  const fault = schema.version > SCHEMA_VERSION ? schemaFault(schema) : null;
  if (fault !== null) throw new ConflictError(fault);
  await noteRestore(store, 'filled');
}

async function fill(store: Store, file: string): Promise<Date> {
  try {
    await forgetFirstStart(store);
    return (await loadBackup(store, readDump(file))).taken_at;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    const hint = `drop the database ${store.connection.name} before you try again`;
    throw new CliError(`${file === '-' ? 'Standard input' : file} is no backup to restore. ${error.message}`, { hint });
  }
}
