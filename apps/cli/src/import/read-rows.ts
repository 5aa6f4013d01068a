import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { CliError } from '../cli-error.js';

/** One document of a file, with the line on which it begins, counted from 1; or why there is none. */
export type Row =
  | { readonly line: number; readonly document: unknown }
  | { readonly line: number; readonly fault: string };

/** Turns the cells of a row into a document, by the names of the columns. */
export type FromCells = (cells: readonly (readonly [column: string, text: string])[]) => unknown;

const MAX_ROW = 1024 * 1024;

/** Reads one JSON document per line; holds no more than one line of at most a megabyte. */
export async function* readNdjson(file: string): AsyncGenerator<Row> {
  let line = 1;
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_ROW) throw new CliError(`${file}:${line + lines.length}: the line is too long.`);
    for (const text of lines) {
      yield* toRow(text, line);
      line += 1;
    }
  }
  yield* toRow(rest, line);
}

function* toRow(text: string, line: number): Generator<Row> {
  const json = text.trim(); // also of a byte order mark
  if (json === '') return;
  try {
    yield { line, document: JSON.parse(json) };
  } catch {
    yield { line, fault: 'The line is not valid JSON.' };
  }
}

export interface CsvOptions {
  readonly delimiter: string;
  /** The column without which no row makes sense. */
  readonly required: string;
  readonly fromCells: FromCells;
}

/**
 * Reads CSV (RFC 4180) whose first row names the columns; an empty cell counts as absent.
 * @throws CliError where the columns cannot be right, or the text is no CSV from some line on.
 */
export async function* readCsv(file: string, { delimiter, required, fromCells }: CsvOptions): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n'],
    info: true,
    delimiter,
    relax_column_count: true,
    max_record_size: MAX_ROW,
  });
  // Its errors come out of the parser; the callback keeps the stream of the file from throwing on its own.
  pipeline(createReadStream(file), parser, () => undefined);
  let columns: readonly string[] | undefined;
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (columns === undefined) columns = checkedColumns(file, record, required);
      else if (record.some((cell) => cell !== '')) yield rowOf(line, columns, record, fromCells);
      line = info.lines + 1;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new CliError(`${file}:${line}: this is not valid CSV from here on: ${error.message}.`);
  }
  if (columns === undefined)
    throw new CliError(`${file} is empty: expected a first row with the names of the columns.`);
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function checkedColumns(file: string, names: readonly string[], required: string): readonly string[] {
  const columns = names.map((name) => name.trim());
  const repeated = columns.find((name, index) => columns.indexOf(name) !== index);
  if (repeated !== undefined) throw new CliError(`${file}:1: the column \`${repeated}\` stands there twice.`);
  if (columns.includes(required)) return columns;
  throw new CliError(`${file}:1: there is no column \`${required}\`; the columns are ${columns.join(', ')}.`, {
    hint: 'the first row names the columns; --delimiter says what stands between them',
  });
}

function rowOf(line: number, columns: readonly string[], record: readonly string[], fromCells: FromCells): Row {
  if (record.length !== columns.length) {
    return { line, fault: `Expected ${columns.length} cells as in the first row, but found ${record.length}.` };
  }
  const cells = columns.map((column, index) => [column, record[index] ?? ''] as const);
  return { line, document: fromCells(cells.filter(([, text]) => text !== '')) };
}
