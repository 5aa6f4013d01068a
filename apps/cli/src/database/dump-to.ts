import type { Store } from '@campaign-manager/core/store';
import { tellDump, writeDump } from './dump-file.js';
import { withStore } from './with-store.js';

type ReadStore = (store: Store) => AsyncIterable<string>;

/** The first line of a dump and its last one hold no document. */
const FRAME = 2;

/** Writes what is read of the database to a file or standard output, and tells how many documents that were. */
export async function dumpTo(
  out: string,
  read: ReadStore,
  told: { readonly command: string; readonly of?: string; readonly done: string },
): Promise<void> {
  const lines = await withStore(told.command, (store) => writeDump(out, read(store)));
  tellDump(out, `${lines - FRAME} documents${told.of === undefined ? '' : ` of ${told.of}`}`, told.done);
}
