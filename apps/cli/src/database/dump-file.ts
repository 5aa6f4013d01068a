import { createReadStream, createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { pipeline as pipe, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { CliError } from '../cli-error.js';
import { emptyInput } from '../empty-input.js';
import { printLine } from '../run-action.js';

/** In place of a file: standard output, or standard input. */
const STANDARD = '-';

/** Whoever watches: a terminal is no place for a dump, and none comes from there. */
type MayBeTerminal = { readonly isTTY?: boolean };

/**
 * Writes lines to a gzip file, whole or not at all, or to standard output; answers how many.
 * @throws CliError where the file exists, where standard output is a terminal, and where whoever reads it stops.
 */
export async function writeDump(
  file: string,
  lines: AsyncIterable<string>,
  output: NodeJS.WritableStream & MayBeTerminal = process.stdout,
): Promise<number> {
  let count = 0;
  const zipped = [Readable.from(counted()), createGzip()] as const;
  if (file === STANDARD) await toOutput();
  else await toFile();
  return count;

  async function toOutput(): Promise<void> {
    if (output.isTTY) throw new CliError('This is not for a terminal.', { hint: 'append `> file.ndjson.gz`' });
    try {
      await pipeline(...zipped, output, { end: false });
    } catch (error) {
      throw toCliError(error, 'Standard output', 'written');
    }
  }

  async function toFile(): Promise<void> {
    if (await exists(file)) throw new CliError(`${file} exists already.`, { hint: 'name another file' });
    const part = `${file}.part`;
    try {
      // Only for whoever runs this: it holds what people wrote and were written.
      await pipeline(...zipped, createWriteStream(part, { mode: 0o600 }));
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw toCliError(error, file, 'written');
    }
  }

  async function* counted(): AsyncGenerator<string> {
    for await (const line of lines) {
      count += 1;
      yield line;
    }
  }
}

/** Tells what was written: beside it, where it went to standard output. */
export function tellDump(file: string, documents: string, verb: string): void {
  if (file === STANDARD) process.stderr.write(`${documents} ${verb}\n`);
  else printLine(`${documents} ${verb} to ${file}`);
}

/** The lines of a gzip file, or of one on standard input. @throws CliError where it cannot be read, or was cut off. */
export async function* readDump(
  file: string,
  input: NodeJS.ReadableStream & MayBeTerminal = process.stdin,
): AsyncGenerator<string> {
  const name = file === STANDARD ? 'Standard input' : file;
  if (file === STANDARD && input.isTTY) {
    throw new CliError('This does not come from a terminal.', { hint: 'append `< file.ndjson.gz`' });
  }
  const zipped = file === STANDARD ? input : createReadStream(file);
  const gunzip = createGunzip();
  const unzipped = pipe(zipped, gunzip, () => undefined); // errors come out below
  let rest = '';
  try {
    for await (const chunk of unzipped.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    const isEmpty = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' && gunzip.bytesWritten === 0;
    throw isEmpty ? emptyInput(name) : toCliError(error, name, 'read');
  }
  if (rest !== '') yield rest;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function toCliError(error: unknown, file: string, verb: 'read' | 'written'): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const ofFile = syscall !== undefined || (code ?? '').startsWith('Z_');
  return ofFile ? new CliError(`${file} cannot be ${verb}: ${code}.`) : error;
}
