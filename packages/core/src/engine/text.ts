import Mustache from 'mustache';
import { lookup, owns } from './lookup.js';
import { checkTags, TextSyntaxError } from './text-tags.js';
import type { CompiledText, Variables } from './types.js';

export type TextResult =
  | { readonly ok: true; readonly text: CompiledText }
  | { readonly ok: false; readonly message: string; readonly position: number };

const MAX_LENGTH = 100_000;
const MAX_OUTPUT = 1_000_000;
const MAX_PIECES = 200_000;

/** One token of Mustache's parser: kind, text, start, end, and of sections the tokens inside. */
type MustacheToken = [kind: string, value: string, start: number, end: number, inside?: MustacheToken[]];

interface Output {
  text: string;
  /** Pieces that were run: sections inside sections multiply them, even without any output. */
  pieces: number;
  readonly missing: Set<string>;
}

/** Data from the outermost to the innermost section. */
type Scope = readonly unknown[];
type Find = (scope: Scope) => unknown;
type Piece = (output: Output, scope: Scope) => void;

/** A parser of our own: the library's default one remembers every text for ever. */
const parser = Object.assign(new Mustache.Writer(), { templateCache: undefined });

/**
 * Compiles Mustache text into closures. Supported are variables, sections, inverted sections, comments and, in a section,
 * `{{.}}`; partials, changed delimiters, `{{{x}}}` and `{{&x}}` are refused: messages are plain text, nothing is escaped.
 *
 * Texts, numbers and booleans are inserted; null, objects, lists, functions and what is no own property are missing. The
 * innermost section whose data has a path's first name decides. A section over a missing value is skipped, not reported.
 * `variables` lists sections and variables outside of sections. At most 100,000 characters and 64 levels. A rendered text
 * is cut at 1,000,000 characters, and its sections stop after 200,000 pieces. `position` counts from 0. Design, section 4,
 * "Mustache".
 */
export function compileText(source: string): TextResult {
  try {
    if (source.length > MAX_LENGTH) {
      throw new TextSyntaxError(`Found ${source.length} characters, expected at most ${MAX_LENGTH}`, MAX_LENGTH);
    }
    const variables = new Set<string>();
    const tokens = parser.parse(checkTags(source)) as MustacheToken[];
    const pieces = compileTokens(tokens, (name) => variables.add(name));
    return { ok: true, text: { source, variables: [...variables], render: (values) => render(pieces, values) } };
  } catch (error) {
    if (!(error instanceof TextSyntaxError)) throw error;
    const { message, position } = error;
    return { ok: false, message: `${message} ${place(source, position)}.`, position };
  }
}

/** A text on one line, for headers: each run of line breaks, tabs and other control characters becomes one space. */
export function singleLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function place(source: string, position: number): string {
  const lines = source.slice(0, position).split('\n');
  return `at line ${lines.length}, character ${(lines.at(-1) ?? '').length + 1}`;
}

function compileTokens(tokens: readonly MustacheToken[], note: (name: string) => void): Piece[] {
  return tokens.flatMap((token) => compileToken(token, note) ?? []);
}

function compileToken([kind, value, , , inside = []]: MustacheToken, note: (name: string) => void): Piece | null {
  if (kind === '!') return null;
  if (kind === 'text') return (output) => append(output, value);
  note(value);
  const find = finder(value);
  if (kind === 'name') return variable(value, find);
  const pieces = compileTokens(inside, () => {});
  return kind === '#' ? section(find, pieces) : inverted(find, pieces);
}

function variable(name: string, find: Find): Piece {
  return (output, scope) => {
    const value = find(scope);
    if (typeof value === 'string') append(output, value);
    else if (typeof value === 'number' || typeof value === 'boolean') append(output, String(value));
    else output.missing.add(name);
  };
}

function section(find: Find, pieces: readonly Piece[]): Piece {
  return (output, scope) => {
    const value = find(scope);
    if (Array.isArray(value)) for (const item of value) run(pieces, output, [...scope, item]);
    else if (value) run(pieces, output, value === true ? scope : [...scope, value]);
  };
}

function inverted(find: Find, pieces: readonly Piece[]): Piece {
  return (output, scope) => {
    const value = find(scope);
    if (!value || (Array.isArray(value) && value.length === 0)) run(pieces, output, scope);
  };
}

function run(pieces: readonly Piece[], output: Output, scope: Scope): void {
  output.pieces += pieces.length + 1;
  if (output.pieces > MAX_PIECES) return;
  for (const piece of pieces) piece(output, scope);
}

function render(pieces: readonly Piece[], values: Variables): { text: string; missing: readonly string[] } {
  const output: Output = { text: '', pieces: 0, missing: new Set() };
  run(pieces, output, [values]);
  return { text: output.text, missing: [...output.missing] };
}

function append(output: Output, text: string): void {
  const room = MAX_OUTPUT - output.text.length;
  output.text += text.length > room ? text.slice(0, room) : text;
}

/** `{{.}}` is the innermost data itself; a path belongs to the innermost data that own its first name. */
function finder(name: string): Find {
  if (name === '.') return (scope) => lookup(scope.at(-1), []);
  const [first = '', ...rest] = name.split('.');
  return (scope) => {
    for (let i = scope.length - 1; i >= 0; i--) {
      const data = scope[i];
      if (owns(data, first)) return lookup(data[first], rest);
    }
    return undefined;
  };
}
