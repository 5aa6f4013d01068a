import { createReadStream, createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { pipeline as pipe, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { CliError } from '../cli-error.js';

/** Writes lines to a gzip file, whole or not at all; answers how many. @throws CliError where the file exists. */
export async function writeDump(file: string, lines: AsyncIterable<string>): Promise<number> {
  if (await exists(file)) throw new CliError(`${file} exists already.`, { hint: 'name another file' });
  let count = 0;
  const part = `${file}.part`;
  try {
    // Only for whoever runs this: it holds what people wrote and were written.
    await pipeline(Readable.from(counted()), createGzip(), createWriteStream(part, { mode: 0o600 }));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw toCliError(error, file, 'written');
  }
  return count;

  async function* counted(): AsyncGenerator<string> {
    for await (const line of lines) {
      count += 1;
      yield line;
    }
  }
}

/** The lines of a gzip file. @throws CliError where it cannot be read, or was cut off. */
export async function* readDump(file: string): AsyncGenerator<string> {
  const unzipped = pipe(createReadStream(file), createGunzip(), () => undefined); // errors come out below
  let rest = '';
  try {
    for await (const chunk of unzipped.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw toCliError(error, file, 'read');
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
