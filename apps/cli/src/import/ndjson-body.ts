import type { Fault } from '@campaign-manager/core/schemas';
import type { Row } from './read-rows.js';
import type { Target } from './targets.js';

interface Listeners {
  refused(this: void, line: number, faults: readonly Pick<Fault, 'path' | 'message' | 'hint'>[]): void;
  /** Rows handed on so far. */
  progress(this: void, rows: number): void;
}

const CHUNK_CHARACTERS = 64 * 1024;
const encoder = new TextEncoder();

/**
 * The rows as NDJSON in which each stands on the line that it has in its file, so that the api's faults name the lines
 * of the file. Rows that are refused here leave their line blank. No more than a chunk is held.
 */
export async function* ndjsonBody(
  rows: AsyncIterable<Row>,
  check: Target['check'],
  { refused, progress }: Listeners,
): AsyncGenerator<Uint8Array> {
  let line = 1;
  let count = 0;
  let chunk = '';
  for await (const row of rows) {
    count += 1;
    chunk += '\n'.repeat(Math.max(0, row.line - line));
    line = Math.max(line, row.line);
    const checked = 'fault' in row ? { ok: false, faults: [{ path: '$', message: row.fault }] } : check(row.document);
    if (!checked.ok) refused(row.line, checked.faults);
    else if ('document' in row) chunk += JSON.stringify(row.document);
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield encoder.encode(chunk);
    chunk = '';
    progress(count);
  }
  progress(count);
  if (chunk !== '') yield encoder.encode(chunk);
}
