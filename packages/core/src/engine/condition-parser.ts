import { assertNever } from './assert-never.js';
import { ConditionSyntaxError, type Token, tokenize } from './condition-lexer.js';
import { COMPARISONS } from './condition-operators.js';
import { lookup } from './lookup.js';
import type { Variables } from './types.js';

/** Deepest nesting of parentheses, lists and negations. */
export const MAX_CONDITION_DEPTH = 64;
/** Longest piece of the source that a message repeats. */
const MAX_SHOWN = 40;

export type Evaluate = (variables: Variables) => unknown;

/**
 * Parses a condition into closures by recursive descent:
 * or -> and -> not -> comparison -> operand. Returns the closure and every path that it looks up.
 * @throws ConditionSyntaxError
 */
export function parseCondition(source: string): { readonly evaluate: Evaluate; readonly variables: readonly string[] } {
  const parser = new Parser(tokenize(source));
  const evaluate = parser.parseAll();
  return { evaluate, variables: [...parser.variables] };
}

class Parser {
  readonly variables = new Set<string>();
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  parseAll(): Evaluate {
    const evaluate = this.or();
    const rest = this.peek();
    if (rest.kind !== 'end') throw this.unexpected('an operator or the end');
    return evaluate;
  }

  private or(): Evaluate {
    return this.chain(
      '||',
      () => this.and(),
      (terms) => (v) => terms.some((term) => truthy(term(v))),
    );
  }

  private and(): Evaluate {
    return this.chain(
      '&&',
      () => this.not(),
      (terms) => (v) => terms.every((term) => truthy(term(v))),
    );
  }

  private chain(symbol: string, part: () => Evaluate, join: (terms: readonly Evaluate[]) => Evaluate): Evaluate {
    const first = part();
    if (!this.at(symbol)) return first;
    const terms = [first];
    while (this.take(symbol)) terms.push(part());
    return join(terms);
  }

  private not(): Evaluate {
    if (!this.take('!')) return this.comparison();
    const operand = this.nested(() => this.not());
    return (v) => !truthy(operand(v));
  }

  private comparison(): Evaluate {
    const left = this.operand();
    const token = this.peek();
    if (token.kind !== 'symbol' || !Object.hasOwn(COMPARISONS, token.symbol)) return left;
    this.next += 1;
    const right = this.operand();
    const more = this.peek();
    if (more.kind === 'symbol' && Object.hasOwn(COMPARISONS, more.symbol)) {
      throw this.unexpected('"and", "or" or the end (comparisons cannot be chained)');
    }
    const compare = COMPARISONS[token.symbol] as (a: unknown, b: unknown) => boolean;
    return (v) => compare(left(v), right(v));
  }

  private operand(): Evaluate {
    const token = this.peek();
    if (token.kind === 'value') {
      this.next += 1;
      return () => token.value;
    }
    if (token.kind === 'name') return this.path(token.name);
    if (this.take('(')) {
      const inner = this.nested(() => this.or());
      this.expect(')');
      return inner;
    }
    if (this.take('[')) return this.list();
    throw this.unexpected('a value, a name, "(" or "["');
  }

  private list(): Evaluate {
    const members: Evaluate[] = [];
    if (this.take(']')) return () => [];
    do members.push(this.nested(() => this.operand()));
    while (this.take(','));
    this.expect(']');
    return (v) => members.map((member) => member(v));
  }

  private path(root: string): Evaluate {
    this.next += 1;
    const path = [root];
    for (;;) {
      if (this.take('.')) path.push(this.name());
      else if (this.take('[')) {
        path.push(this.key());
        this.expect(']');
      } else break;
    }
    if (this.at('(')) throw this.unexpected('an operator or the end (functions cannot be called)');
    this.variables.add(path.join('.'));
    return (v) => lookup(v, path);
  }

  private name(): string {
    const token = this.peek();
    if (token.kind !== 'name') throw this.unexpected('a name after "."');
    this.next += 1;
    return token.name;
  }

  private key(): string {
    const token = this.peek();
    const isKey = token.kind === 'value' && (typeof token.value === 'string' || isIndex(token.value));
    if (!isKey) throw this.unexpected('a text or a whole number from 0 in brackets');
    this.next += 1;
    return String(token.value);
  }

  private nested(parse: () => Evaluate): Evaluate {
    this.depth += 1;
    if (this.depth > MAX_CONDITION_DEPTH) {
      const { at } = this.tokens[this.next - 1] as Token;
      throw new ConditionSyntaxError(
        `Found ${this.depth} levels of nesting, expected at most ${MAX_CONDITION_DEPTH}: too deep`,
        at,
      );
    }
    const evaluate = parse();
    this.depth -= 1;
    return evaluate;
  }

  private peek(): Token {
    return this.tokens[this.next] as Token;
  }

  private at(symbol: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.symbol === symbol;
  }

  private take(symbol: string): boolean {
    const found = this.at(symbol);
    if (found) this.next += 1;
    return found;
  }

  private expect(symbol: string): void {
    if (!this.take(symbol)) throw this.unexpected(`"${symbol}"`);
  }

  private unexpected(expected: string): ConditionSyntaxError {
    const token = this.peek();
    return new ConditionSyntaxError(`Found ${describe(token)}, expected ${expected}`, token.at);
  }
}

function describe(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end';
    case 'value':
      return typeof token.value === 'string' ? JSON.stringify(shorten(token.value)) : String(token.value);
    case 'name':
      return `"${shorten(token.name)}"`;
    case 'symbol':
      return `"${token.text}"`;
    default:
      return assertNever(token);
  }
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}

function isIndex(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Missing, null, false, 0 and '' count as false; everything else as true. */
function truthy(value: unknown): boolean {
  return Boolean(value);
}
