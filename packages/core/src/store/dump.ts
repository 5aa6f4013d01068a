import { mongo } from 'mongoose';
import type { Store } from './connect-store.js';
import { installedSchema } from './schema-version.js';

const { EJSON } = mongo.BSON;

/** What one collection gives to a dump. */
export interface DumpPart {
  readonly collection: string;
  readonly filter: object;
}

/** The first line of a dump. */
export interface DumpHeader {
  readonly dump: 1;
  /** MongoDB's time before the first document was read; what happened later may be missing. */
  readonly taken_at: Date;
  /** The schema of the database it comes from. */
  readonly schema: number;
  /** Versions that know this schema or a later one can work with it. Absent in older dumps: those that know `schema`. */
  readonly compatible_from?: number;
  /** Of an archive: the campaign whose documents it holds. */
  readonly campaign?: string;
}

/** One line of a dump. The last one counts the documents, so that a dump that was cut off can be told. */
export type DumpLine =
  | DumpHeader
  | { readonly collection: string; readonly document: { readonly _id: unknown } }
  | { readonly documents: Readonly<Record<string, number>> };

/**
 * Reads parts of the database one after the other as lines of extended JSON, documents as they are stored, in bounded
 * memory. It is no snapshot: what is written meanwhile may be in it or not.
 */
export async function* dump(store: Store, parts: readonly DumpPart[], campaign?: string): AsyncGenerator<string> {
  const { version: schema, compatible_from } = await installedSchema(store);
  const taken_at = new Date(await store.serverTime());
  yield line({ dump: 1, taken_at, schema, compatible_from, ...(campaign !== undefined && { campaign }) });
  const documents: Record<string, number> = {};
  for (const { collection, filter } of parts) {
    let count = 0;
    for await (const document of store.connection.collection(collection).find(filter)) {
      count += 1;
      yield line({ collection, document });
    }
    documents[collection] = count;
  }
  yield line({ documents });
}

export function parseDumpLine(text: string): DumpLine {
  return EJSON.parse(text) as DumpLine;
}

function line(content: DumpLine): string {
  return `${EJSON.stringify(content)}\n`;
}
