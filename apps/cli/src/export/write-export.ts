import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { CliError } from '../cli-error.js';
import type { Screen } from '../screen.js';

/** How the rows of an export are counted, for people to see. */
export interface Counting {
  /** What a row is: `addresses`. */
  readonly unit: string;
  /** Whether line breaks within quotes are no ends of rows, as in CSV. */
  readonly quotes: boolean;
  /** Rows that tell of none, such as the names of columns. Default: 0. */
  readonly heads?: number;
}

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/** Writes what the api answers to a file, whole or not at all, or to standard output. */
export async function writeExport(
  stream: AsyncIterable<Uint8Array>,
  file: string | undefined,
  { unit, quotes, heads = 0 }: Counting,
  screen: Screen,
): Promise<void> {
  if (file === undefined) return pipeline(stream, process.stdout, { end: false });
  let rows = -heads;
  let quoted = false;
  const part = `${file}.part`;
  try {
    await pipeline(stream, counted, createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw isFileError(error) ? new CliError(`${file} cannot be written: ${error.code}.`) : error;
  }
  screen.redraw([]);
  screen.line(`${rows} ${unit} exported to ${file}`);

  async function* counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      for (const byte of chunk) {
        if (byte === QUOTE) quoted = quotes && !quoted;
        else if (byte === NEWLINE && !quoted) rows += 1;
      }
      screen.redraw([`${rows} ${unit} ...`]);
      yield chunk;
    }
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return typeof (error as NodeJS.ErrnoException | null)?.syscall === 'string' && 'path' in (error as object);
}
