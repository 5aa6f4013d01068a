import { type Checked, type Fault, MAX_FAULTS, type Validated } from '@campaign-manager/core/schemas';
import { parseJson } from '../http/parse-json.js';
import { type Line, readLines } from './read-lines.js';

/** A fault of one line of a stream, counted from 1. */
type LineFault = Fault & { readonly line: number };

export interface ImportResult {
  readonly accepted: number;
  readonly refused: number;
  /** The first hundred. */
  readonly faults: readonly LineFault[];
}

/** A line that passed its checks. */
export interface Entry<T> {
  readonly line: number;
  readonly value: T;
}

interface ImportSteps<T> {
  check(document: unknown): Checked<T>;
  /** Stores a batch; answers the faults of the entries that it refused. */
  store(batch: readonly Entry<T>[]): Promise<readonly LineFault[]>;
}

const MAX_LINE_BYTES = 1024 * 1024;
const BATCH_LINES = 1000;
/** Long lines make smaller batches, so that memory stays bounded whatever comes. */
const BATCH_BYTES = 8 * 1024 * 1024;

/**
 * Imports NDJSON, one document per line, in batches of a thousand: good lines are stored, bad ones refused and
 * reported. The stream is read no faster than it is stored.
 */
export async function importLines<T>(stream: AsyncIterable<Buffer>, steps: ImportSteps<T>): Promise<ImportResult> {
  const faults: LineFault[] = [];
  let accepted = 0;
  let refused = 0;
  let batch: Entry<T>[] = [];
  let bytes = 0;

  const refuse = (found: readonly LineFault[]) => {
    refused += new Set(found.map(({ line }) => line)).size;
    faults.push(...found.slice(0, MAX_FAULTS - faults.length));
  };
  const flush = async () => {
    if (batch.length === 0) return;
    const before = refused;
    refuse(await steps.store(batch));
    accepted += batch.length - (refused - before);
    batch = [];
    bytes = 0;
  };

  for await (const line of readLines(stream, MAX_LINE_BYTES)) {
    const checked = checkLine(line, steps);
    if (checked.ok) batch.push({ line: line.number, value: checked.value });
    else refuse(checked.faults.map((fault) => ({ line: line.number, ...fault })));
    bytes += line.kind === 'line' ? line.bytes : 0;
    if (batch.length >= BATCH_LINES || bytes >= BATCH_BYTES) await flush();
  }
  await flush();
  return { accepted, refused, faults };
}

function checkLine<T>(line: Line, { check }: ImportSteps<T>): Validated<T> {
  if (line.kind === 'too-long') return refusedLine(`The line is longer than ${MAX_LINE_BYTES} bytes.`);
  const parsed = parseJson(line.text);
  return parsed.ok ? check(parsed.value) : refusedLine(`The line is not valid JSON: ${parsed.where}.`);
}

function refusedLine(message: string): { readonly ok: false; readonly faults: readonly Fault[] } {
  return { ok: false, faults: [{ path: '$', message }] };
}
