import { shorten } from './shorten.js';

describe('shorten', () => {
  it.each([
    ['text as JSON', 'a "b"', '"a \\"b\\""'],
    ['numbers', 1.5, '1.5'],
    ['null', null, 'null'],
    ['nothing', undefined, 'undefined'],
    ['lists', [1, 'a', [true]], '[1,"a",[true]]'],
    ['objects', { a: 1, b: { c: [] } }, '{"a":1,"b":{"c":[]}}'],
  ])('prints %s', (_, value, expected) => {
    expect(shorten(value)).toBe(expected);
  });

  it.each([
    ['long text', 'x'.repeat(1_000_000)],
    ['a long list', Array(200_000).fill('abc')],
    ['deep nesting', JSON.parse('['.repeat(10_000) + ']'.repeat(10_000))],
    ['a wide object', Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key_${i}`, i]))],
    ['pairs of surrogates', '😀'.repeat(100)],
    ['pairs of surrogates, cut in the middle', `x${'😀'.repeat(100)}`],
  ])('cuts %s at 80 characters', (_, value) => {
    const text = shorten(value);
    expect(text.length).toBeLessThanOrEqual(80);
    expect(text.length).toBeGreaterThan(75);
    expect(text.endsWith('…')).toBe(true);
    expect(text).not.toMatch(/[\uD800-\uDBFF]…$/);
  });
});
