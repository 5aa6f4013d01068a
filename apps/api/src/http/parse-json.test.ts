import { parseJson } from './parse-json.js';

describe('parseJson', () => {
  it('keeps __proto__ as a member of its own, so that validators see it', () => {
    const parsed = parseJson('{"__proto__":{"x":1}}');

    expect(parsed.ok && Object.keys(parsed.value as object)).toEqual(['__proto__']);
  });

  it.each([
    ['{"a":1,}', 'line 1, column 8 (position 7) cannot be read'],
    ['{\n "a":1\n "b":2}', 'line 3, column 2 (position 10) cannot be read'],
    ['{"a":', 'it ends too early'],
    ['{"a":tru}', /cannot/],
  ])('says where %j is wrong', (text, where) => {
    expect(parseJson(text)).toEqual({
      ok: false,
      where: typeof where === 'string' ? where : expect.stringMatching(where),
    });
  });

  it('does not repeat what stands there', () => {
    const parsed = parseJson('{"email":secret@example.com}');

    expect(!parsed.ok && parsed.where).not.toContain('secret');
  });
});
