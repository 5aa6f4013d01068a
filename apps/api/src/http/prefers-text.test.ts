import { prefersText } from './prefers-text.js';

describe('prefersText', () => {
  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['', false],
    ['*/*', false],
    ['application/json', false],
    ['text/html', false],
    ['text/plain', true],
    ['Text/Plain; charset=utf-8', true],
    ['text/*', true],
    ['text/plain, */*;q=0.1', true],
    ['application/json, text/plain', false],
    ['application/json;q=0.5, text/plain;q=0.9', true],
    ['application/json;q=0.9, text/plain;q=0.5', false],
    ['text/plain;q=0', false],
    ['text/plain;q=nonsense', false],
  ])('%p: %p', (accept, expected) => {
    expect(prefersText(accept)).toBe(expected);
  });
});
