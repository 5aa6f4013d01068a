import { compileCondition } from './condition.js';

/** Far above what any of these takes, far below what one of them takes where time grows with the square. */
const LIMIT_MS = 5000;

const data: unknown = { response: { rating: 4, run: () => true }, tags: ['a'] };
const variables = data as { readonly [name: string]: unknown };

/** Compiles, and evaluates what compiles; the fastest of three, so that a pause of the machine does not count. */
function answer(source: string) {
  let elapsedMs = Number.POSITIVE_INFINITY;
  let compiled = compileCondition(source);
  let value: boolean | undefined;
  for (let run = 0; run < 3; run++) {
    const started = performance.now();
    compiled = compileCondition(source);
    value = compiled.ok ? compiled.condition.test(variables) : undefined;
    elapsedMs = Math.min(elapsedMs, performance.now() - started);
  }
  return { compiled, value, elapsedMs };
}

describe('a hostile condition is refused at once, with its position', () => {
  it.each([
    ['20,000 parentheses', '('.repeat(20_000), 2000],
    ['2,000 parentheses', '('.repeat(2000), 64],
    ['2,000 brackets', '['.repeat(2000), 64],
    ['2,000 negations', '!'.repeat(2000), 64],
    ['500 times not', 'not '.repeat(500), 256],
    ['lists in lists', '[1,'.repeat(600), 192],
    ['a million characters', 'a'.repeat(1_000_000), 2000],
    ['a million spaces', ' '.repeat(1_000_000), 2000],
    ['only spaces', ' '.repeat(2000), 2000],
    ['a million quotes', '"'.repeat(1_000_000), 2000],
    ['a text that is never closed', `"${'a'.repeat(1999)}`, 0],
    ['a text whose end is escaped', `"${'\\"'.repeat(999)}`, 0],
    ['an odd backslash at the end', '"\\', 0],
    ['a long number that is none', `${'1'.repeat(1999)}a`, 0],
    ['a number of many dots', '1.'.repeat(1000), 0],
    ['a pattern that backtracks', `a =~ /(${'a+'.repeat(400)})+$/`, 2],
    ['a pattern as a call', `matches(a, "(${'a+'.repeat(400)})+$")`, 7],
    ['a call', 'constructor.constructor("return process")()', 23],
    ['a call by key', 'tags["map"](1)', 11],
    ['a template literal', '`a`', 0],
    ['an assignment', 'response.rating = 5', 16],
    ['two statements', 'true; true', 4],
    ['NUL', '\0', 0],
    ['NUL after a name', 'a\0 == 1', 1],
    ['half of a surrogate pair', 'a == \ud800', 5],
    ['a right-to-left override', 'a \u202e== 1', 2],
    ['a letter that looks like another', 'rеsponse.rating', 1],
    ['a zero-width space', 'a\u200b == 1', 1],
  ])('%s', (_, source, position) => {
    const { compiled, elapsedMs } = answer(source);
    expect(compiled).toEqual({ ok: false, position, message: expect.stringMatching(/ at character \d+\.$/) });
    expect(elapsedMs).toBeLessThan(LIMIT_MS);
  });
});

describe('what only looks hostile is answered at once, as missing', () => {
  it.each([
    '__proto__',
    '__proto__.polluted',
    'constructor',
    'constructor.constructor',
    'response.constructor',
    'response.constructor.name == "Object"',
    'response["__proto__"]',
    "tags['constructor']['prototype']",
    'toString',
    'hasOwnProperty != 1',
    'response.run',
    'response.run.name != ""',
    'tags.map',
    'tags.at',
    `response${'.a'.repeat(990)}`,
    `response${'[0]'.repeat(660)}`,
    `${'a or '.repeat(399)}a`,
    `${'a == 1 && '.repeat(199)}a`,
    '"\0" == "\ud800"',
  ])('%.60s', (source) => {
    const { value, elapsedMs } = answer(source);
    expect(value).toBe(false);
    expect(elapsedMs).toBeLessThan(LIMIT_MS);
  });
});

it('compares a long text with a number at once', () => {
  const compiled = compileCondition('text == 4');
  if (!compiled.ok) throw new Error(compiled.message);
  const texts = [`${'1'.repeat(1_000_000)}x`, `4${' '.repeat(1_000_000)}x`, `${' '.repeat(1_000_000)}x`];
  const started = performance.now();
  expect(texts.map((text) => compiled.condition.test({ text }))).toEqual([false, false, false]);
  expect(performance.now() - started).toBeLessThan(texts.length * LIMIT_MS);
});
