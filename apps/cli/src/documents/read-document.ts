import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Fault } from '@campaign-manager/core/schemas';
import { LineCounter, parseDocument } from 'yaml';
import { CliError } from '../cli-error.js';
import { locator, type Position, positionOf } from './locate.js';
import { parsePath } from './parse-path.js';

/** A fault with its place in a file. */
export type LocatedFault = Fault & Position;

/** What a file says, or why it cannot be read as JSON or YAML. */
export type ReadDocument =
  | { readonly ok: true; readonly value: unknown; locate(this: void, fault: Fault): LocatedFault }
  | { readonly ok: false; readonly faults: readonly LocatedFault[] };

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

export function parseText(text: string, language: 'json' | 'yaml'): ReadDocument {
  const parsed = language === 'json' ? parseJson(text) : parseYaml(text);
  if ('faults' in parsed) return { ok: false, faults: parsed.faults };
  const position = locator(text);
  return {
    ok: true,
    value: parsed.value,
    locate: (fault) => ({ ...fault, ...position(parsePath(fault.path), isAboutKey(fault) ? 'key' : 'value') }),
  };
}

/** Whether the name of a member is at fault, not its value: one that is not known, not allowed or reserved. */
function isAboutKey({ expected, message }: Fault): boolean {
  return /^(?:no fields$|only the fields |a name of )/.test(expected ?? '') || /\bkey\b/.test(message);
}

type Parsed = { readonly value: unknown } | { readonly faults: readonly LocatedFault[] };

function parseJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      faults: [
        unreadable(
          'JSON',
          message.replace(/(?: in JSON at position |, ".*" is not valid JSON).*$/s, ''),
          jsonPosition(text, message),
        ),
      ],
    };
  }
}

/** V8 names the offset in longer texts only; in others, the YAML parser may know the place. */
function jsonPosition(text: string, message: string): Position {
  const [, offset] = /at position (\d+)/.exec(message) ?? [];
  if (offset !== undefined) return endOf(text.slice(0, Number(offset)));
  const [first] = yamlFaults(text).faults;
  if (first) return { line: first.line, column: first.column };
  return endOf(/end of JSON/.test(message) ? text : '');
}

function endOf(text: string): Position {
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function parseYaml(text: string): Parsed {
  const { faults, value } = yamlFaults(text);
  return faults.length > 0 ? { faults } : { value: value() };
}

function yamlFaults(text: string): { readonly faults: readonly LocatedFault[]; value(this: void): unknown } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = document.errors.map(({ message, pos }) => unreadable('YAML', message, positionOf(lines, pos[0])));
  return { faults, value: () => document.toJS() };
}

function unreadable(language: string, reason: string, position: Position): LocatedFault {
  return { path: '$', message: `This is not valid ${language}: ${reason.replace(/\.$/, '')}.`, ...position };
}
