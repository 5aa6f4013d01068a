/** Longest condition, in characters. */
export const MAX_CONDITION_LENGTH = 2000;

export type Token =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  /** `text` is how it was written: `and` is the symbol `&&`. */
  | { readonly kind: 'symbol'; readonly symbol: string; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly at: number };

/** Thrown inside the compiler when a condition does not parse; `compileCondition` turns it into a result. */
export class ConditionSyntaxError extends Error {
  override readonly name = 'ConditionSyntaxError';
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} at character ${position + 1}.`);
    this.position = position;
  }
}

const SPACE = /\s+/y;
const NUMBER = /-?\d+(?:\.\d+)?(?![\w.])/y;
const NAME = /[A-Za-z_$][\w$]*/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[<>!()[\],.]/y;
const WORDS: Readonly<Record<string, true | false | null>> = { true: true, false: false, null: null };
const OPERATOR_WORDS: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!', in: 'in' };
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
  ['', ''], // the end: the text is not closed
]);
/** Half an operator, and what was probably meant. */
const DOUBLED: ReadonlyMap<string, string> = new Map([
  ['=', '"=="'],
  ['&', '"&&"'],
  ['|', '"||"'],
]);

/** Cuts a condition into tokens, in one pass without backtracking. @throws ConditionSyntaxError */
export function tokenize(source: string): Token[] {
  if (source.length > MAX_CONDITION_LENGTH) {
    throw new ConditionSyntaxError(
      `Found ${source.length} characters, expected at most ${MAX_CONDITION_LENGTH}: too long`,
      MAX_CONDITION_LENGTH,
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const space = match(SPACE, source, at);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const [token, length] = readToken(source, at);
    tokens.push(token);
    at += length;
  }
  tokens.push({ kind: 'end', at });
  return tokens;
}

function readToken(source: string, at: number): [Token, number] {
  const character = source.charAt(at);
  if (character === '"' || character === "'") return readString(source, at);
  const number = match(NUMBER, source, at);
  if (number !== null) return [{ kind: 'value', value: Number(number), at }, number.length];
  const name = match(NAME, source, at);
  if (name !== null) return [word(name, at), name.length];
  const symbol = match(SYMBOL, source, at);
  if (symbol !== null) return [{ kind: 'symbol', symbol, text: symbol, at }, symbol.length];
  const found = JSON.stringify(String.fromCodePoint(source.codePointAt(at) ?? 0));
  const expected = DOUBLED.get(character) ?? 'a value, a name or an operator';
  throw new ConditionSyntaxError(`Found ${found}, expected ${expected}`, at);
}

function word(name: string, at: number): Token {
  if (Object.hasOwn(WORDS, name)) return { kind: 'value', value: WORDS[name] ?? null, at };
  const operator = Object.hasOwn(OPERATOR_WORDS, name) ? OPERATOR_WORDS[name] : undefined;
  return operator === undefined ? { kind: 'name', name, at } : { kind: 'symbol', symbol: operator, text: name, at };
}

function readString(source: string, at: number): [Token, number] {
  const quote = source.charAt(at);
  let value = '';
  for (let i = at + 1; i < source.length; i++) {
    const character = source.charAt(i);
    if (character === quote) return [{ kind: 'value', value, at }, i + 1 - at];
    if (character !== '\\') value += character;
    else {
      value += escaped(source.charAt(i + 1), i);
      i += 1;
    }
  }
  throw new ConditionSyntaxError(`Found a text that is not closed, expected ${quote}`, at);
}

function escaped(character: string, at: number): string {
  const value = ESCAPES.get(character);
  if (value !== undefined) return value;
  throw new ConditionSyntaxError('Found an unknown escape, expected \\n, \\t, \\r, \\\\, \\" or \\\'', at);
}

function match(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}
