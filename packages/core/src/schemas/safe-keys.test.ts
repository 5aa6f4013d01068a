import { nurturingTemplate, sampleCampaign } from './fixtures/sample-documents.js';
import { MAX_VALUES, unsafeKey, unsafeKeys } from './safe-keys.js';

const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`);

describe('unsafeKey', () => {
  it.each(['__proto__', 'prototype', 'constructor', '$where', '$', 'a.__proto__.x', '__proto__.x', 'a.$gt', 'a\0b'])(
    'refuses %j',
    (key) => {
      expect(unsafeKey(key)).toMatch(/key/);
    },
  );

  it.each(['name', 'price_in_$', 'proto', '_proto_', 'constructors', 'toString', 'hasOwnProperty', 'a.b', '', '.'])(
    'lets %j pass',
    (key) => {
      expect(unsafeKey(key)).toBeNull();
    },
  );
});

describe('unsafeKeys', () => {
  it.each([
    ['an own __proto__ that JSON.parse made', '{"context_data":{"__proto__":{"x":1}}}', '$.context_data.__proto__'],
    ['one deep inside', '{"a":{"b":{"c":{"constructor":1}}}}', '$.a.b.c.constructor'],
    ['one inside a list', '{"a":[1,[{"prototype":1}]]}', '$.a[1][0].prototype'],
    ['an operator of queries', '{"metadata":{"$where":"1"}}', "$.metadata['$where']"],
    ['a NUL character', '{"metadata":{"a\\u0000b":1}}', "$.metadata['a\\u0000b']"],
    ['one at the root', '{"__proto__":null}', '$.__proto__'],
  ])('names the path of %s', (_, json, path) => {
    expect(unsafeKeys(JSON.parse(json)).map((fault) => fault.path)).toEqual([path]);
  });

  it('finds nothing in ordinary documents', () => {
    expect(unsafeKeys(nurturingTemplate)).toEqual([]);
    expect(unsafeKeys(sampleCampaign)).toEqual([]);
    expect(unsafeKeys('text')).toEqual([]);
    expect(unsafeKeys(null)).toEqual([]);
  });

  it('allows 32 levels in a field and refuses the next', () => {
    expect(unsafeKeys({ context_data: nested(32) })).toEqual([]);
    const [fault] = unsafeKeys({ context_data: nested(33) });
    expect(fault?.path).toBe(`$.context_data${'.a'.repeat(32)}`);
    expect(fault?.message).toMatch(/at most 32 levels/);
  });

  it('survives 10,000 levels and a document that contains itself', () => {
    expect(unsafeKeys({ context_data: nested(10_000) })).toHaveLength(1);
    const circle: { [key: string]: unknown } = {};
    circle['a'] = circle;
    circle['b'] = [circle, circle];
    expect(unsafeKeys(circle).length).toBeGreaterThan(0);
  });

  it('refuses a document of too many values at once', () => {
    expect(unsafeKeys({ a: Array(MAX_VALUES - 1).fill(0) })).toEqual([]);
    expect(unsafeKeys({ a: Array(MAX_VALUES).fill(0) })).toEqual([
      expect.objectContaining({ path: '$', expected: 'a document of at most 250000 values' }),
    ]);
    expect(unsafeKeys({ a: new Array(2 ** 32 - 1) })).toHaveLength(1);
  });

  it('reports a hundred keys and counts the rest', () => {
    const many = Object.fromEntries(Array.from({ length: 142 }, (_, i) => [`$${i}`, 1]));
    const faults = unsafeKeys(many);
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)).toEqual({ path: '$', message: 'There are 42 more faults.' });
  });
});
