import { access, constants } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Api } from '../api-client.js';
import { CliError } from '../cli-error.js';
import type { Screen } from '../screen.js';
import { ndjsonBody } from './ndjson-body.js';
import { type Row, readCsv, readNdjson } from './read-rows.js';
import type { Target } from './targets.js';

export const FORMATS = ['csv', 'ndjson'] as const;

export interface ImportOptions {
  readonly format?: (typeof FORMATS)[number];
  readonly delimiter: string;
}

/** What the api answers to an import. */
interface Answer {
  readonly accepted: number;
  readonly refused: number;
  /** The first hundred. */
  readonly faults: readonly { readonly line: number; readonly path: string; readonly message: string }[];
}

/**
 * Imports a file of any length as one stream, and tells each refused row with its line. What is good is kept whatever
 * else is refused. Answers whether every row was accepted.
 */
export async function importFile(
  api: Api,
  target: Target,
  file: string,
  options: ImportOptions,
  screen: Screen,
): Promise<boolean> {
  await access(file, constants.R_OK).catch(() => {
    throw new CliError(`${file} cannot be read: there is no such file, or it is not readable for you.`);
  });
  const format = options.format ?? formatOf(file);
  const read = format === 'csv' ? readCsv(file, { ...target, ...options }) : readNdjson(file);
  const rows = target.complete ? completed(read, target.complete) : read;
  await api.postStream(target.path, nothing()); // what is wrong with the whole import is told before it begins
  let refusedHere = 0;
  const broken: { error?: unknown } = {};
  const body = ndjsonBody(untilBroken(rows, broken), target.check, {
    refused: (line, [fault]) => {
      refusedHere += 1;
      screen.line(`${file}:${line}: ${fault?.path}: ${fault?.message} ${fault?.hint ?? ''}`.trimEnd());
    },
    progress: (count) => screen.redraw([`${count} rows ...`]),
  });
  const { accepted, refused, faults } = await api.postStream<Answer>(target.path, body);
  screen.redraw([]);
  for (const { line, path, message } of faults) screen.line(`${file}:${line}: ${path}: ${message}`);
  const named = new Set(faults.map(({ line }) => line)).size;
  if (refused > named) screen.line(`... and ${refused - named} more rows that the api refused.`);
  screen.line(`${accepted} rows accepted, ${refused + refusedHere} refused`);
  if (broken.error) throw broken.error;
  return refused + refusedHere === 0;
}

/** The format that the ending of a file's name tells. */
export function formatOf(file: string): 'csv' | 'ndjson' {
  const extension = extname(file).toLowerCase();
  if (extension === '.csv') return 'csv';
  if (extension === '.ndjson' || extension === '.jsonl') return 'ndjson';
  throw new CliError(`The name of ${file} does not tell its format.`, { hint: 'give --format csv or --format ndjson' });
}

async function* completed(rows: AsyncIterable<Row>, complete: NonNullable<Target['complete']>): AsyncGenerator<Row> {
  for await (const row of rows) yield 'document' in row ? { ...row, document: complete(row.document) } : row;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Where the file cannot be read on, the import ends in good order with what came before. */
async function* untilBroken(rows: AsyncIterable<Row>, broken: { error?: unknown }): AsyncGenerator<Row> {
  try {
    yield* rows;
  } catch (error) {
    broken.error = error;
  }
}
