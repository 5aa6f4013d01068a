import { LineCounter, parseDocument } from 'yaml';
import type { Fault } from '../schemas/fault.js';
import { locator, type Position, positionOf } from './locate.js';
import { parsePath } from './parse-path.js';

/** A fault with its place in a text. */
export type LocatedFault = Fault & Position;

/** What a text says, or why it cannot be read as JSON or YAML. */
export type ReadDocument =
  | { readonly ok: true; readonly value: unknown; locate(this: void, fault: Fault): LocatedFault }
  | { readonly ok: false; readonly faults: readonly LocatedFault[] };

/** Reads a JSON or YAML text; every fault that is found in it later can be located. */
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
  if (faults.length > 0) return { faults };
  try {
    return { value: value() };
  } catch (error) {
    // Aliases that multiply beyond bounds, as in the "billion laughs".
    return { faults: [unreadable('YAML', (error as Error).message, { line: 1, column: 1 })] };
  }
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
