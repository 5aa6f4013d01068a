import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parseText, type ReadDocument } from '@campaign-manager/core/documents';
import { CliError } from '../cli-error.js';

/**
 * Reads a JSON or YAML file. A file that ends in `.json` must be JSON, since other programs take it at its word.
 * @throws CliError where there is no such file.
 */
export async function readDocument(file: string): Promise<ReadDocument> {
  const text = await readText(file);
  return parseText(text, extname(file).toLowerCase() === '.json' ? 'json' : 'yaml');
}

async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new CliError(`${file} cannot be read: ${REASONS.get(code) ?? code}.`);
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'it is not readable for you'],
]);
