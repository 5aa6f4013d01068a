import { Readable } from 'node:stream';
import { type ExportedTrace, exportRecipient, type Store } from '@campaign-manager/core/store';

/**
 * What is stored about a recipient as NDJSON: a line for each document, with the name of its collection.
 * @throws NotFoundError where there is nothing.
 */
export async function exportLines(store: Store, recipientId: string): Promise<Readable> {
  return Readable.from(lines(await exportRecipient(store, recipientId)), { objectMode: false });
}

async function* lines(traces: AsyncIterable<ExportedTrace>): AsyncGenerator<string, void, void> {
  for await (const trace of traces) yield `${JSON.stringify(trace)}\n`;
}
