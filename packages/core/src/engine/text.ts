import Mustache from 'mustache';
import { lookup } from './lookup.js';
import type { CompiledText, Variables } from './types.js';

export type TextResult =
  | { readonly ok: true; readonly text: CompiledText }
  | { readonly ok: false; readonly message: string; readonly position: number };

const MAX_LENGTH = 100_000;
const MAX_DEPTH = 64;
/** A rendered text longer than this is cut: sections over long lists could go on for ever. */
const MAX_OUTPUT = 1_000_000;

/** One token of Mustache's parser: kind, text, start, end, and of sections the tokens inside. */
type MustacheToken = [
  kind: string,
  value: string,
  start: number,
  end: number,
  inside?: MustacheToken[],
  ...rest: unknown[],
];

interface Output {
  text: string;
  readonly missing: Set<string>;
}

/** Data from the outermost to the innermost section. */
type Scope = readonly Variables[];
type Piece = (output: Output, scope: Scope) => void;

/** A parser of our own: the library's default one remembers every text for ever. */
const parser = Object.assign(new Mustache.Writer(), { templateCache: undefined });

class TextSyntaxError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/**
 * Compiles Mustache text into closures. Variables, sections, inverted sections, comments and `{{.}}` are supported;
 * partials, changed delimiters and unescaped tags are refused. Messages are plain text, so nothing is escaped. Values are
 * looked up by own properties only, functions count as missing. `variables` lists the paths outside sections, and the
 * sections themselves. Design, section 4, "Mustache".
 */
export function compileText(source: string): TextResult {
  if (source.length > MAX_LENGTH) {
    return {
      ok: false,
      message: `The text has ${source.length} characters, at most ${MAX_LENGTH} are allowed.`,
      position: MAX_LENGTH,
    };
  }
  try {
    const tokens = parse(source);
    const variables = new Set<string>();
    const pieces = compileTokens(tokens, 0, variables);
    return { ok: true, text: { source, variables: [...variables], render: (values) => render(pieces, values) } };
  } catch (error) {
    if (error instanceof TextSyntaxError) return { ok: false, message: error.message, position: error.position };
    throw error;
  }
}

/** A text on one line, for headers: breaks and tabs become spaces. */
export function singleLine(text: string): string {
  return text.replace(/[\s\u0085\u2028\u2029]+/g, ' ').trim();
}

function parse(source: string): MustacheToken[] {
  refuseNesting(source);
  try {
    return parser.parse(source) as MustacheToken[];
  } catch (error) {
    const message = (error as Error).message;
    throw new TextSyntaxError(`${message}.`, Number(/ at (\d+)$/.exec(message)?.[1] ?? 0));
  }
}

/** Mustache nests its result without a bound: count before it does. */
function refuseNesting(source: string): void {
  let depth = 0;
  for (const { 0: tag, index } of source.matchAll(/\{\{\s*[#^/]/g)) {
    depth += tag.endsWith('/') ? -1 : 1;
    if (depth > MAX_DEPTH) throw new TextSyntaxError(`Sections are nested more than ${MAX_DEPTH} levels deep.`, index);
  }
}

function compileTokens(tokens: readonly MustacheToken[], depth: number, variables: Set<string>): Piece[] {
  return tokens.flatMap((token) => compileToken(token, depth, variables) ?? []);
}

function compileToken(token: MustacheToken, depth: number, variables: Set<string>): Piece | null {
  const [kind, value, start, , inside = []] = token;
  if (depth === 0 && ['name', '#', '^'].includes(kind) && value !== '.') variables.add(value);
  switch (kind) {
    case 'text':
      return (output) => append(output, value);
    case 'name':
      return variable(value);
    case '#':
      return section(value, compileTokens(inside, depth + 1, variables));
    case '^':
      return inverted(value, compileTokens(inside, depth + 1, variables));
    case '!':
      return null;
    case '&':
      throw new TextSyntaxError(
        `Messages are plain text: write {{${value}}}, which inserts the value as it is.`,
        start,
      );
    case '>':
      throw new TextSyntaxError(`There are no partials: {{> ${value}}} cannot be used.`, start);
    case '=':
      throw new TextSyntaxError('The delimiters {{ and }} cannot be changed.', start);
    default:
      throw new TextSyntaxError(`The tag '${kind}' is not supported.`, start);
  }
}

function variable(name: string): Piece {
  const path = toPath(name);
  return (output, scope) => {
    const value = resolve(scope, path);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      append(output, String(value));
    else output.missing.add(name);
  };
}

function section(name: string, pieces: readonly Piece[]): Piece {
  const path = toPath(name);
  return (output, scope) => {
    const value = resolve(scope, path);
    const items = Array.isArray(value) ? value : value ? [value] : [];
    for (const item of items) {
      if (output.text.length >= MAX_OUTPUT) return;
      const inner = [...scope, asVariables(item)];
      for (const piece of pieces) piece(output, inner);
    }
  };
}

function inverted(name: string, pieces: readonly Piece[]): Piece {
  const path = toPath(name);
  return (output, scope) => {
    const value = resolve(scope, path);
    if (value && !(Array.isArray(value) && value.length === 0)) return;
    for (const piece of pieces) piece(output, scope);
  };
}

function render(pieces: readonly Piece[], values: Variables): { text: string; missing: readonly string[] } {
  const output: Output = { text: '', missing: new Set() };
  for (const piece of pieces) piece(output, [values]);
  return { text: output.text, missing: [...output.missing] };
}

function append(output: Output, text: string): void {
  output.text += text.length + output.text.length > MAX_OUTPUT ? text.slice(0, MAX_OUTPUT - output.text.length) : text;
}

/** The innermost scope that has the path's first name decides, as in Mustache. */
function resolve(scope: Scope, path: readonly string[]): unknown {
  const [first] = path;
  for (let i = scope.length - 1; i >= 0; i--) {
    const values = scope[i] as Variables;
    if (first !== undefined && Object.hasOwn(values, first)) return lookup(values, path);
  }
  return undefined;
}

/** `{{.}}` reads a list's present member, which stands in its scope under the name `.`. */
function toPath(name: string): readonly string[] {
  return name === '.' ? ['.'] : name.split('.');
}

function asVariables(item: unknown): Variables {
  if (typeof item === 'object' && item !== null && !Array.isArray(item)) return item as Variables;
  return { '.': item };
}
