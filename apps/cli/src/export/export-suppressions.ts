import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Api } from '../api-client.js';
import { CliError } from '../cli-error.js';
import { type FORMATS, formatOf } from '../import/import-file.js';
import type { Screen } from '../screen.js';

export interface ExportOptions {
  readonly format?: (typeof FORMATS)[number];
  readonly channel?: string;
}

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/** Writes the suppression list to a file, whole or not at all, or to standard output. */
export async function exportSuppressions(
  api: Api,
  file: string | undefined,
  { format = file === undefined ? 'csv' : formatOf(file), channel }: ExportOptions,
  screen: Screen,
): Promise<boolean> {
  const query = new URLSearchParams({ format, ...(channel !== undefined && { channel }) });
  const stream = await api.getStream(`/v1/suppressions?${query}`);
  if (file === undefined) {
    await pipeline(stream, process.stdout, { end: false });
    return true;
  }
  let rows = format === 'csv' ? -1 : 0; // the first names the columns
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
  screen.line(`${rows} addresses exported to ${file}`);
  return true;

  async function* counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      for (const byte of chunk) {
        if (byte === QUOTE) quoted = format === 'csv' && !quoted;
        else if (byte === NEWLINE && !quoted) rows += 1;
      }
      screen.redraw([`${rows} addresses ...`]);
      yield chunk;
    }
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return typeof (error as NodeJS.ErrnoException | null)?.syscall === 'string' && 'path' in (error as object);
}
