import fc from 'fast-check';
import { compileCondition } from './condition.js';

type Ast =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'list'; readonly members: readonly Ast[] }
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'not'; readonly operand: Ast }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Ast; readonly right: Ast };

const NAMES = ['a', 'b', 'first name', '0', 'length', '__proto__', 'constructor', 'in', 'toString'];
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=', 'in'];
const SYNONYMS: Readonly<Record<string, string>> = { and: '&&', or: '||' };

const text = fc.oneof(fc.constantFrom('', '4', '4.0', ' 7 ', 'x', 'true', 'ö"\'\\\n'), fc.string());
const number = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.integer({ min: -999, max: 999 }).map((n) => n / 4),
);
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const literal = scalar.map((value): Ast => ({ kind: 'literal', value }));
const path = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'constructor'), fc.array(fc.constantFrom(...NAMES), { maxLength: 2 }))
  .map(([root, rest]): Ast => ({ kind: 'path', path: [root, ...rest] }));

const ast = fc.letrec<{ operand: Ast; comparison: Ast; condition: Ast }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 4 },
    literal,
    path,
    fc.array(fc.oneof(literal, path), { maxLength: 3 }).map((members): Ast => ({ kind: 'list', members })),
    tie('condition'),
  ),
  comparison: fc
    .tuple(fc.constantFrom(...COMPARISONS), tie('operand'), tie('operand'))
    .map(([operator, left, right]): Ast => ({ kind: 'binary', operator, left, right })),
  condition: fc.oneof(
    { maxDepth: 4 },
    tie('comparison'),
    path,
    tie('condition').map((operand): Ast => ({ kind: 'not', operand })),
    fc
      .tuple(fc.constantFrom('and', 'or'), tie('condition'), tie('condition'))
      .map(([operator, left, right]): Ast => ({ kind: 'binary', operator, left, right })),
  ),
}));

const tree = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4 }),
  ),
}));
const variables = fc.dictionary(fc.constantFrom('a', 'b', 'c'), tree.value);

const PRECEDENCE: Readonly<Record<string, number>> = { or: 1, and: 2 };
const NOT = 3;
const COMPARISON = 4;
const OPERAND = 5;

/** Writes the tree with no more parentheses than needed, in one of two spellings. */
function print(node: Ast, atLeast: number, symbols: boolean): string {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'string' ? quote(node.value, symbols) : String(node.value);
    case 'list':
      return `[${node.members.map((member) => print(member, OPERAND, symbols)).join(',')}]`;
    case 'path':
      return node.path
        .map((step, i) => (i === 0 ? step : /^[a-z]+$/i.test(step) && step !== 'in' ? `.${step}` : key(step, symbols)))
        .join('');
    case 'not':
      return paren(`${symbols ? '!' : 'not '}${print(node.operand, NOT, symbols)}`, NOT, atLeast);
    case 'binary': {
      const level = PRECEDENCE[node.operator] ?? COMPARISON;
      const side = level === COMPARISON ? OPERAND : level;
      const operator = symbols ? (SYNONYMS[node.operator] ?? node.operator) : node.operator;
      return paren(
        `${print(node.left, side, symbols)} ${operator} ${print(node.right, side, symbols)}`,
        level,
        atLeast,
      );
    }
  }
}

function paren(source: string, level: number, atLeast: number): string {
  return level < atLeast ? `(${source})` : source;
}

function key(step: string, single: boolean): string {
  return /^\d$/.test(step) && single ? `[${step}]` : `[${quote(step, single)}]`;
}

function quote(value: string, single: boolean): string {
  const mark = single ? "'" : '"';
  return `${mark}${value.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`).replaceAll('\n', '\\n')}${mark}`;
}

/** The rules once more, in the plainest way: values are wrapped, so that a missing one is an empty list. */
function evaluate(node: Ast, data: unknown): readonly unknown[] {
  switch (node.kind) {
    case 'literal':
      return [node.value];
    case 'list':
      return [node.members.flatMap((member) => evaluate(member, data))];
    case 'path':
      return node.path.reduce<readonly unknown[]>(
        ([value], step) =>
          Object.entries(Object.getOwnPropertyDescriptors(typeof value === 'object' && value !== null ? value : {}))
            .filter(([name]) => name === step)
            .map(([, descriptor]) => descriptor.value as unknown),
        [data],
      );
    case 'not':
      return [!holds(node.operand, data)];
    case 'binary': {
      if (node.operator === 'and') return [holds(node.left, data) && holds(node.right, data)];
      if (node.operator === 'or') return [holds(node.left, data) || holds(node.right, data)];
      const left = evaluate(node.left, data);
      const right = evaluate(node.right, data);
      return [left.length === 1 && right.length === 1 && compare(node.operator, left[0], right[0])];
    }
  }
}

function holds(node: Ast, data: unknown): boolean {
  return Boolean(evaluate(node, data)[0]);
}

function compare(operator: string, a: unknown, b: unknown): boolean {
  if (operator === 'in') return Array.isArray(b) && b.filter((member) => compare('==', a, member)).length > 0;
  if (operator === '!=') return !compare('==', a, b);
  if (typeof a === 'number' && typeof b === 'string') return isDecimal(b) ? compare(operator, a, Number(b)) : false;
  if (typeof a === 'string' && typeof b === 'number') return isDecimal(a) ? compare(operator, Number(a), b) : false;
  if (operator === '==') return a === b;
  const comparable =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
  if (!comparable) return false;
  const [x, y] = [a, b] as [number, number];
  return operator === '<' ? x < y : operator === '<=' ? x <= y : operator === '>' ? x > y : x >= y;
}

function isDecimal(value: string): boolean {
  return /^[+-]?[0-9]+([.][0-9]+)?$/.test(value.trim());
}

describe('any condition', () => {
  it.each([false, true])('evaluates as the reference does (symbols: %s)', (symbols) => {
    fc.assert(
      fc.property(ast.condition, variables, (node, data) => {
        const source = print(node, 0, symbols);
        fc.pre(source.length <= 2000);
        const compiled = compileCondition(source);
        if (!compiled.ok) throw new Error(`${source}: ${compiled.message}`);
        expect({ source, value: compiled.condition.test(data) }).toEqual({ source, value: holds(node, data) });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('any text at all', () => {
  const fragment = fc.constantFrom(
    ...[
      'a',
      '.',
      'b',
      '[',
      ']',
      '(',
      ')',
      '==',
      '!',
      '!=',
      '<',
      'and',
      ' ',
      'or',
      'not ',
      'in',
      '1',
      '-',
      '"',
      "'",
      '\\',
    ],
    ...['&&', '||', ',', 'null', '=', '\0', '😀', '\ud800', '__proto__', 'constructor', '\n', '1.5'],
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fragment, maxLength: 30 }),
    fc.string({ unit: fragment, size: 'large' }),
  );

  it('is answered with a condition or with a place inside the text, and never throws', () => {
    fc.assert(
      fc.property(anything, variables, (source, data) => {
        const compiled = compileCondition(source);
        if (compiled.ok) expect(typeof compiled.condition.test(data)).toBe('boolean');
        else {
          expect(compiled.position).toBeGreaterThanOrEqual(0);
          expect(compiled.position).toBeLessThanOrEqual(source.length);
          expect(compiled.message).toContain(` at character ${compiled.position + 1}.`);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
