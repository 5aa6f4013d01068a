import fc from 'fast-check';
import Mustache from 'mustache';
import { compileText } from './text.js';

const NAMES = ['a', 'b', 'c', '0', 'length', 'constructor', '__proto__', 'toString'];
const name = fc.constantFrom('a', 'b', 'c');
const SECRET = 'taken from a prototype';

/** Any data; objects may own names that prototypes have as well. */
const data = fc.letrec<{ value: unknown; object: { [name: string]: unknown } }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, undefined, () => SECRET, Symbol('s'), new Date(0), new Map(), Object.create({ a: SECRET })),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4 }),
}));

/** Data on which this engine and Mustache agree: no objects where a value is inserted, no path that is found in part. */
const plain = fc.letrec<{ value: unknown; object: { [name: string]: unknown } }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.oneof(tie('object'), fc.string({ minLength: 1 })), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(name, tie('value'), { maxKeys: 3 }),
}));

const words = fc.string({ unit: fc.constantFrom('x', ' ', '\n', '}', 'é', '\t') });

const template = fc.letrec<{ source: string; piece: string }>((tie) => ({
  source: fc.array(tie('piece'), { maxLength: 5 }).map((pieces) => pieces.join('')),
  piece: fc.oneof(
    { maxDepth: 4 },
    words,
    name.map((variable) => `{{${variable}}}`),
    words.map((comment) => `{{! ${comment.replaceAll('}', '')} }}`),
    fc
      .tuple(fc.constantFrom('#', '^'), name, fc.constantFrom('', ' ', '\n'), tie('source'), fc.boolean())
      .map(([kind, of, space, inside, dot]) => {
        const open = `{{${space}${kind}${space}${of}${space}}}`;
        return `${open}${inside}${dot && kind === '#' ? '{{.}}' : ''}{{/${space}${of}}}`;
      }),
  ),
}));

function compile(source: string) {
  const compiled = compileText(source);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.message}`);
  return compiled.text;
}

/** Mustache writes objects and lists as text of its own; here they are missing. */
function asText(value: unknown): string {
  return typeof value === 'object' ? '' : String(value);
}

describe('any text of variables and sections', () => {
  it('renders as Mustache does on plain data', () => {
    fc.assert(
      fc.property(template.source, plain.object, (source, variables) => {
        const expected = Mustache.render(source, variables, undefined, { escape: asText });
        expect({ source, text: compile(source).render(variables).text }).toEqual({ source, text: expected });
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws and never shows what a prototype or a function gives, whatever the data', () => {
    const paths = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((path) => path.join('.'));
    const anything = fc.tuple(paths, paths, paths).map(([a, b, c]) => `{{${a}}}{{#${b}}}{{${c}}}{{.}}{{/${b}}}`);
    fc.assert(
      fc.property(fc.oneof(anything, template.source), data.object, (source, variables) => {
        const { text, missing } = compile(source).render(variables);
        expect(text).not.toContain(SECRET);
        expect(text).not.toContain('native code');
        for (const path of missing) expect(source).toContain(path);
      }),
      { numRuns: 2000 },
    );
  });
});

it('answers any text at all with a compiled text or a place inside it, and never throws', () => {
  const fragment = fc.constantFrom(
    ...['{{', '}}', '{', '}', '#', '^', '/', '!', '>', '=', '&', '.', 'a', 'b', ' ', '\n', '\0', '😀', '\ud800'],
    ...['{{#a}}', '{{/a}}', '{{^b}}', '{{/b}}', '{{.}}', '<%', '%>'],
  );
  const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fragment, maxLength: 30 }));
  fc.assert(
    fc.property(anything, data.object, (source, variables) => {
      const compiled = compileText(source);
      if (compiled.ok) expect(typeof compiled.text.render(variables).text).toBe('string');
      else {
        expect(compiled.position).toBeGreaterThanOrEqual(0);
        expect(compiled.position).toBeLessThanOrEqual(source.length);
        expect(compiled.message).toMatch(/ at line \d+, character \d+\.$/);
      }
    }),
    { numRuns: 3000 },
  );
});
