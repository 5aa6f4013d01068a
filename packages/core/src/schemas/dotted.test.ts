import fc from 'fast-check';
import { expandDotted } from './dotted.js';

const parse = (json: string): object => JSON.parse(json);

describe('expandDotted', () => {
  it.each([
    ['nothing', {}, {}],
    ['plain keys', { a: 1, b: 'x' }, { a: 1, b: 'x' }],
    ['a dotted key', { 'company.product_name': 'x' }, { company: { product_name: 'x' } }],
    ['siblings', { 'a.b': 1, 'a.c': 2, 'a.d.e': 3 }, { a: { b: 1, c: 2, d: { e: 3 } } }],
    ['an object beside a dotted key', { a: { b: 1 }, 'a.c': 2 }, { a: { b: 1, c: 2 } }],
    ['the same in the other order', { 'a.c': 2, a: { b: 1 } }, { a: { c: 2, b: 1 } }],
    ['dotted keys further down', { a: { 'b.c': 1, b: { d: 2 } } }, { a: { b: { c: 1, d: 2 } } }],
    ['an empty object', { a: {}, 'a.b': 1 }, { a: { b: 1 } }],
    ['objects in lists', { a: [{ 'b.c': 1 }, [{ 'd.e': 2 }], 3] }, { a: [{ b: { c: 1 } }, [{ d: { e: 2 } }], 3] }],
    ['null, which is a value', { 'a.b': null }, { a: { b: null } }],
    ['names of Object.prototype', { 'toString.valueOf': 1 }, { toString: { valueOf: 1 } }],
    ['reserved names below the top', { 'company.recipient': 1 }, { company: { recipient: 1 } }],
  ])('expands %s', (_, context, value) => {
    expect(expandDotted(context)).toEqual({ ok: true, value });
  });

  it.each([
    ['a value and a part of it', { a: 1, 'a.b': 2 }, '$.context_data.a', "$.context_data['a.b']"],
    ['a part and then the value', { 'a.b': 2, a: 1 }, "$.context_data['a.b']", '$.context_data.a'],
    ['the same leaf twice', { a: { b: 1 }, 'a.b': 2 }, '$.context_data.a.b', "$.context_data['a.b']"],
    ['a leaf and an object', { a: { b: 1 }, 'a.b': { c: 2 } }, '$.context_data.a.b', "$.context_data['a.b']"],
    ['an object and a leaf', { 'a.b': { c: 2 }, a: { b: 1 } }, "$.context_data['a.b']", '$.context_data.a.b'],
    ['a list and a part of it', { a: [1], 'a.0': 2 }, '$.context_data.a', "$.context_data['a.0']"],
    ['null and a part of it', { a: null, 'a.b': 2 }, '$.context_data.a', "$.context_data['a.b']"],
    ['keys far down', { x: { y: { a: 1, 'a.b': 2 } } }, '$.context_data.x.y.a', "$.context_data.x.y['a.b']"],
    ['keys in a list', { x: [{ a: 1, 'a.b': 2 }] }, '$.context_data.x[0].a', "$.context_data.x[0]['a.b']"],
    ['a longer key', { 'a.b.c.d': 1, 'a.b': 2 }, "$.context_data['a.b.c.d']", "$.context_data['a.b']"],
  ])('refuses %s and names both keys', (_, context, first, second) => {
    const result = expandDotted(context);
    expect(result).toMatchObject({ ok: false, faults: [{ path: second }] });
    if (!result.ok) expect(result.faults[0]?.message).toContain(`\`${first}\` and \`${second}\``);
  });

  it.each([
    ['an empty segment', '{"a..b":1}', "$.context_data['a..b']", /empty segment/],
    ['a leading dot', '{".a":1}', "$.context_data['.a']", /empty segment/],
    ['a trailing dot', '{"a.":1}', "$.context_data['a.']", /empty segment/],
    ['an empty key', '{"a":{"":1}}', "$.context_data.a['']", /empty segment/],
    ['__proto__', '{"__proto__":{"x":1}}', '$.context_data.__proto__', /reserved by JavaScript/],
    ['__proto__.x', '{"__proto__.x":1}', "$.context_data['__proto__.x']", /reserved by JavaScript/],
    [
      'a.constructor.prototype',
      '{"a.constructor.prototype":1}',
      "$.context_data['a.constructor.prototype']",
      /JavaScript/,
    ],
    ['$where in the middle', '{"a.$where":1}', "$.context_data['a.$where']", /begin with \$/],
    ['the root recipient', '{"recipient":{}}', '$.context_data.recipient', /reserved/],
    ['the root response', '{"response.rating":1}', "$.context_data['response.rating']", /reserved/],
    ['the root campaign', '{"campaign":1}', '$.context_data.campaign', /reserved/],
    ['the root conversation', '{"conversation.a.b":1}', "$.context_data['conversation.a.b']", /reserved/],
  ])('refuses %s', (_, json, path, message) => {
    const result = expandDotted(parse(json));
    expect(result).toMatchObject({ ok: false, faults: [{ path, message: expect.stringMatching(message) }] });
  });

  it('begins the paths of faults where the caller says the context stands', () => {
    expect(expandDotted({ campaign: 1 }, ['context'])).toMatchObject({ faults: [{ path: '$.context.campaign' }] });
  });

  it.each([
    ['objects', (levels: number) => parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)],
    ['segments', (levels: number) => ({ [Array(levels).fill('a').join('.')]: 1 })],
    ['lists', (levels: number) => parse(`{"a":${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}}`)],
    [
      'segments and objects',
      (levels: number) => ({
        [Array(levels - 1)
          .fill('a')
          .join('.')]: { b: 1 },
      }),
    ],
  ])('allows 32 levels of %s, refuses 33, and survives 10,000', (_, make) => {
    expect(expandDotted(make(32)).ok).toBe(true);
    expect(expandDotted(make(33)).ok).toBe(false);
    expect(expandDotted(make(10_000)).ok).toBe(false);
  });
});

const segment = fc.constantFrom(
  'a',
  'b',
  'c',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '$x',
  '',
  'recipient',
);
const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('.'));
const { context } = fc.letrec<{ context: object; value: unknown }>((tie) => ({
  // Built as JSON, so that `__proto__` becomes an own member as it does in a request.
  context: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    .map((members) => parse(`{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)}}`)),
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.constant(null),
    tie('context'),
    fc.array(tie('value'), { maxLength: 2 }),
  ),
}));

/** Every value with its full dotted name, in one spelling. */
function leaves(value: unknown, name = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => leaves(item, `${name}[${i}]`)).concat(`${name}[]`);
  if (typeof value !== 'object' || value === null) return [`${name}=${value}`];
  return Object.entries(value).flatMap(([member, inner]) => leaves(inner, `${name}.${member}`));
}

function hasDottedKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) => (!Array.isArray(value) && name.includes('.')) || hasDottedKey(inner),
  );
}

describe('expandDotted, for any context', () => {
  it('never changes Object.prototype nor the context', () => {
    const before = Object.getOwnPropertyDescriptors(Object.prototype);
    fc.assert(
      fc.property(context, (given) => {
        const copy = JSON.stringify(given);
        expandDotted(given);
        expect(JSON.stringify(given)).toBe(copy);
        expect(Object.getOwnPropertyDescriptors(Object.prototype)).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every value under its name and leaves no dotted key, where it accepts', () => {
    let accepted = 0;
    fc.assert(
      fc.property(context, (given) => {
        const result = expandDotted(given);
        if (!result.ok) return expect(result.faults.length).toBeGreaterThan(0);
        accepted += 1;
        expect(leaves(result.value).sort()).toEqual(leaves(given).sort());
        return expect(hasDottedKey(result.value)).toBe(false);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
