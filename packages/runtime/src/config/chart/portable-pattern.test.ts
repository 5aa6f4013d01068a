import { anyCase, portableBody } from './portable-pattern.js';

describe('portableBody', () => {
  it.each([
    [/^a+$/, 'a+'],
    [/^ab$/i, '[aA][bB]'],
    [/^[a-z0-9](?:x|\w)\d$/i, '[a-z0-9A-Z](?:[xX]|\\w)\\d'],
    [/^\p{Cc}$/iu, '\\p{Cc}'],
  ])('writes %s so that both engines read it', (pattern, body) => {
    expect(portableBody(pattern)).toBe(body);
  });

  it.each([/^(?=a)b$/, /^(?!a)b$/, /^(?<!a)b$/, /a$/, /^a/])('refuses %s', (pattern) => {
    expect(() => portableBody(pattern)).toThrow();
  });
});

describe('anyCase', () => {
  it('is as insensitive as the flag', () => {
    const pattern = new RegExp(`^(?:${anyCase('content-.*|Host')})$`);
    for (const text of ['CONTENT-type', 'host', 'hOST']) expect(pattern.test(text)).toBe(true);
    expect(pattern.test('hos')).toBe(false);
  });
});
