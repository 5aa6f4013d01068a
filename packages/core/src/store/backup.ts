import type { Models } from '../models/create-models.js';
import { BOOTSTRAP_KEY } from './api-keys.js';
import type { Store } from './connect-store.js';
import { type DumpHeader, dump, parseDumpLine } from './dump.js';
import { ConflictError } from './errors.js';
import { noteRestore } from './migrate.js';
import { SCHEMA_VERSION } from './schema-version.js';

/** Documents written at once. */
const BATCH = 1000;

/** Thrown when a text is no whole backup. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/**
 * Everything that the database holds, as lines of a dump, but for what `migrate` recorded. It is no snapshot, so the order
 * is what makes it sound:
 *
 * - the audit log first: what its receipts call erased is erased in all that follows;
 * - a reply before its conversation: else it could be `applied` to one that never saw it;
 * - a campaign before its audience, and that before its conversations: else it could count as initialised, or its
 *   audience as frozen, without all of them. What belongs to a campaign that came later is dropped by `markRestored`;
 * - a template and a recipient after whatever names them; history after the conversation that it moves out of;
 * - the ledger last: a row that a conversation does not know of yet does no harm, an effect whose row is missing would.
 */
export async function* backup(store: Store): AsyncGenerator<string> {
  yield* dump(
    store,
    namesOf(store).map((collection) => ({ collection, filter: {} })),
  );
}

/** The collections of a backup in the order in which they are read. */
function namesOf(store: Store): string[] {
  const models = {
    auditLog: store.auditLog,
    responses: store.responses,
    campaigns: store.campaigns,
    audienceMembers: store.audienceMembers,
    conversations: store.conversations,
    conversationEvents: store.conversationEvents,
    openBatches: store.openBatches,
    escalations: store.escalations,
    templates: store.templates,
    recipients: store.recipients,
    suppressions: store.suppressions,
    channels: store.channels,
    apiKeys: store.apiKeys,
    messages: store.messages,
  } satisfies Record<Exclude<keyof Models, 'installation'>, unknown>;
  return Object.values(models).map(({ collection }) => collection.name);
}

/**
 * Writes a backup into an empty database; answers its first line. Nobody can work with the database from its first line
 * on, until `endRestore`.
 * @throws ConflictError where the database is not empty.
 * @throws BackupError where the lines are no whole backup, or one that needs a later version; what was written until then stays, and has to be dropped.
 */
export async function loadBackup(store: Store, lines: AsyncIterable<string>): Promise<DumpHeader> {
  await refuseFull(store);
  const names = new Set(namesOf(store));
  let header: DumpHeader | undefined;
  let ended = false;
  const written: Record<string, number> = {};
  let batch: { readonly collection: string; readonly documents: { readonly _id: unknown }[] } | undefined;

  async function flush(): Promise<void> {
    if (batch) await store.connection.collection(batch.collection).insertMany(batch.documents as never);
    batch = undefined;
  }

  for await (const text of lines) {
    const line = parse(text);
    if (!header) {
      header = headerOf(line);
      await noteRestore(store, 'filling');
    } else if ('document' in line) {
      const { collection, document } = line;
      if (!names.has(collection)) throw new BackupError(`It has a collection that is not known here: ${collection}.`);
      if (batch?.collection !== collection || batch.documents.length >= BATCH) await flush();
      batch ??= { collection, documents: [] };
      batch.documents.push(document);
      written[collection] = (written[collection] ?? 0) + 1;
    } else if ('documents' in line) {
      await flush();
      const short = Object.entries(line.documents).filter(([name, count]) => count !== (written[name] ?? 0));
      if (short.length > 0) throw new BackupError(`It lacks documents of ${short.map(([name]) => name).join(', ')}.`);
      ended = true;
    }
  }
  if (!header || !ended) throw new BackupError('It was cut off: its last line is missing.');
  await noteRestore(store, 'filled');
  return header;
}

function headerOf(line: ReturnType<typeof parse>): DumpHeader {
  if (!('dump' in line)) throw new BackupError('It is no backup: its first line does not say so.');
  if (line.campaign !== undefined) throw new BackupError(`It is the archive of a campaign, '${line.campaign}'.`);
  const { schema, compatible_from = schema } = line;
  if (compatible_from <= SCHEMA_VERSION) return line;
  throw new BackupError(
    `It is of schema ${schema}, which needs schema ${compatible_from} or later; this version knows ${SCHEMA_VERSION}.`,
  );
}

function parse(text: string) {
  try {
    return parseDumpLine(text);
  } catch (error) {
    throw new BackupError('It has a line that is not extended JSON.', { cause: error });
  }
}

async function refuseFull(store: Store): Promise<void> {
  for (const name of namesOf(store)) {
    if ((await store.connection.collection(name).findOne({}, { projection: { _id: 1 } })) === null) continue;
    throw new ConflictError(`The database ${store.connection.name} is not empty: there are documents in ${name}.`);
  }
}

/**
 * What `migrate` and the start of an api leave in an empty database goes, so that it is empty again: without the schema
 * apps wait until the end of the restore, and an api writes its key again when it starts. Changes nothing elsewhere.
 */
export async function forgetFirstStart({ connection, installation, apiKeys }: Store): Promise<void> {
  for (const { collection } of Object.values(connection.models)) {
    if (collection.name === installation.collection.name) continue;
    const ofNoStart = collection.name === apiKeys.collection.name ? { name: { $ne: BOOTSTRAP_KEY } } : {};
    if ((await collection.findOne(ofNoStart, { projection: { _id: 1 } })) !== null) return;
  }
  await installation.collection.deleteMany({});
  await apiKeys.collection.deleteMany({ name: BOOTSTRAP_KEY });
}
