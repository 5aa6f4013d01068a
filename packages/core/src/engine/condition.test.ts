import { compileCondition } from './condition.js';

const variables = {
  response: { rating: 4, text_rating: '4', intent: 'yes', empty: '', zero: 0, none: null, off: false, on: true },
  recipient: { 'first name': 'Ada', city: 'Zürich', tier: 'gold' },
  context: { company: { size: 250 }, allowed: ['gold', 'silver'], levels: [1, 2, 3], starts: '2026-03-01T09:00:00Z' },
  tags: ['early', 'vip'],
};

function test(source: string): boolean {
  const compiled = compileCondition(source);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.message}`);
  return compiled.condition.test(variables);
}

function fault(source: string): { message: string; position: number } {
  const compiled = compileCondition(source);
  if (compiled.ok) throw new Error(`${source} was accepted`);
  return { message: compiled.message, position: compiled.position };
}

describe('a comparison', () => {
  it.each([
    ['response.rating == 4', true],
    ['response.rating != 4', false],
    ['response.rating >= 4', true],
    ['response.rating > 4', false],
    ['response.rating < 4.5', true],
    ['response.rating <= 3.99', false],
    ['-1 < response.zero', true],
    ['response.intent == "yes"', true],
    ["response.intent == 'no'", false],
    ['response.none == null', true],
    ['response.rating != null', true],
    ['response.on == true', true],
    ['response.off == false', true],
    ['context.company.size > 100', true],
    ["recipient['first name'] == 'Ada'", true],
    ['tags[0] == "early"', true],
    ['tags.length == 2', true],
    ['recipient.city == "Zürich"', true],
    ['response . rating==4', true],
    ['response.rating\n==\t4', true],
    ['response.rating\u00a0== 4', true],
  ])('%s is %s', (source, expected) => expect(test(source)).toBe(expected));

  it.each([
    ['response.text_rating == 4', true],
    ['4 == response.text_rating', true],
    ['response.text_rating >= 3.5', true],
    ['response.text_rating != 4', false],
    ['" 4.0 " == 4', true],
    ['"4.0" == "4"', false],
    ['"four" == 4', false],
    ['"four" != 4', true],
    ['"four" > 3', false],
    ['"" == 0', false],
    ['"0x10" == 16', false],
    ['"1e3" == 1000', false],
    ['"true" == true', false],
    ['1 == true', false],
    ['response.none == 0', false],
    ['response.none < 1', false],
    ['response.on > 0', false],
  ])('of mixed types: %s is %s', (source, expected) => expect(test(source)).toBe(expected));

  it.each([
    ['"a" < "b"', true],
    ['"10" < "9"', true],
    ['"b" <= "b"', true],
    ['"b" > "b"', false],
    ['context.starts >= "2026-02-28"', true],
    ['context.starts < "2026-03-01T08:59:59Z"', false],
  ])('of texts goes letter by letter: %s is %s', (source, expected) => expect(test(source)).toBe(expected));

  it.each([
    ['missing == 1', false],
    ['missing != 1', false],
    ['missing == missing', false],
    ['missing == null', false],
    ['missing != null', false],
    ['missing < 1', false],
    ['missing >= 1', false],
    ['missing in [1]', false],
    ['1 in missing', false],
    ['not (missing == 1)', true],
    ['not (missing != 1)', true],
    ['response.rating.deeper.still == 1', false],
    ['tags[7] != "x"', false],
  ])('with a missing value: %s is %s', (source, expected) => expect(test(source)).toBe(expected));
});

describe('a bare path', () => {
  it.each([
    ['response.rating', true],
    ['response.on', true],
    ['response.off', false],
    ['response.zero', false],
    ['response.empty', false],
    ['response.none', false],
    ['tags', true],
    ['missing', false],
    ['missing.deeper', false],
    ['not missing', true],
  ])('%s is %s', (source, expected) => expect(test(source)).toBe(expected));
});

describe('in', () => {
  it.each([
    ['recipient.tier in ["gold", "silver"]', true],
    ['recipient.tier in context.allowed', true],
    ['"bronze" in context.allowed', false],
    ['response.rating in [4, 5]', true],
    ['response.text_rating in [4, 5]', true],
    ['response.text_rating in context.levels', false],
    ['null in [null]', true],
    ['response.rating in []', false],
    ['response.rating in [missing, response.rating]', true],
    ['"ol" in "gold"', false],
    ['"tier" in recipient', false],
    ['not (recipient.tier in ["silver"])', true],
  ])('%s is %s', (source, expected) => expect(test(source)).toBe(expected));
});

describe('and, or, not', () => {
  it.each([
    ['true or true and false', true],
    ['(true or true) and false', false],
    ['not true or true', true],
    ['not (true or true)', false],
    ['not not true', true],
    ['!true || !false && true', true],
    ['not response.rating == 5', true],
    ['response.rating >= 4 && (response.intent == "no" || tags)', true],
    ['false or false or true', true],
    ['true and true and false', false],
  ])('%s is %s', (source, expected) => expect(test(source)).toBe(expected));
});

describe('a text', () => {
  it.each([
    [String.raw`"say \"hi\"" == 'say "hi"'`],
    [String.raw`'it\'s' == "it's"`],
    [String.raw`"a\\b" == 'a\\b'`],
    [String.raw`"a\nb" == "a${'\n'}b"`],
    [String.raw`"\t\r" == "${'\t\r'}"`],
    ['"andy" == "andy" and "not" == "not"'],
  ])('%s keeps its characters', (source) => expect(test(source)).toBe(true));
});

describe('a condition that does not parse', () => {
  it.each([
    ['', 0, 'Found the end, expected a value, a name, "(" or "[" at character 1.'],
    ['response.rating >=', 18, 'Found the end, expected a value, a name, "(" or "[" at character 19.'],
    ['a = 1', 2, 'Found "=", expected "==" at character 3.'],
    ['a & b', 2, 'Found "&", expected "&&" at character 3.'],
    ['a | b', 2, 'Found "|", expected "||" at character 3.'],
    ['a === 1', 4, 'Found "=", expected "==" at character 5.'],
    ['1 < a < 3', 6, 'Found "<", expected "and", "or" or the end (comparisons cannot be chained) at character 7.'],
    ['a not in [1]', 2, 'Found "not", expected an operator or the end at character 3.'],
    ['a b', 2, 'Found "b", expected an operator or the end at character 3.'],
    ['a + 1', 2, 'Found "+", expected a value, a name or an operator at character 3.'],
    ['a -1', 2, 'Found -1, expected an operator or the end at character 3.'],
    ['(a', 2, 'Found the end, expected ")" at character 3.'],
    ['a)', 1, 'Found ")", expected an operator or the end at character 2.'],
    ['[1, 2', 5, 'Found the end, expected "]" at character 6.'],
    ['[1,]', 3, 'Found "]", expected a value, a name, "(" or "[" at character 4.'],
    ['a.', 2, 'Found the end, expected a name after "." at character 3.'],
    ['a.1', 2, 'Found 1, expected a name after "." at character 3.'],
    ['a[b]', 2, 'Found "b", expected a text or a whole number from 0 in brackets at character 3.'],
    ['a[-1]', 2, 'Found -1, expected a text or a whole number from 0 in brackets at character 3.'],
    ['a[1.5]', 2, 'Found 1.5, expected a text or a whole number from 0 in brackets at character 3.'],
    ['a.trim()', 6, 'Found "(", expected an operator or the end (functions cannot be called) at character 7.'],
    ['4abc', 0, 'Found "4", expected a value, a name or an operator at character 1.'],
    ['1.2.3', 0, 'Found "1", expected a value, a name or an operator at character 1.'],
    ['a == "yes', 5, 'Found a text that is not closed, expected " at character 6.'],
    ["a == 'yes\\", 5, "Found a text that is not closed, expected ' at character 6."],
    ['a == "\\x41"', 6, 'Found an unknown escape, expected \\n, \\t, \\r, \\\\, \\" or \\\' at character 7.'],
    ['a == “yes”', 5, 'Found "“", expected a value, a name or an operator at character 6.'],
    ['a =~ /b/', 2, 'Found "=", expected "==" at character 3.'],
    ['a == 😀', 5, 'Found "😀", expected a value, a name or an operator at character 6.'],
  ])('%j is refused at %i', (source, position, message) => expect(fault(source)).toEqual({ message, position }));

  it('repeats no more than the beginning of a long text', () => {
    expect(fault(`a "${'y'.repeat(1000)}"`).message.length).toBeLessThan(120);
  });
});

describe('the limits of a condition', () => {
  const nested = (levels: number) => `${'('.repeat(levels)}true${')'.repeat(levels)}`;
  const padded = (length: number) => 'true'.padEnd(length);

  it('accepts 64 levels and refuses the parenthesis that opens the next', () => {
    expect(test(nested(64))).toBe(true);
    expect(fault(nested(65)).position).toBe(64);
  });

  it('accepts 2,000 characters and refuses the next', () => {
    expect(test(padded(2000))).toBe(true);
    expect(fault(padded(2001)).position).toBe(2000);
  });

  it('counts depth, not how many parts there are', () => {
    expect(test(`${'(true) and '.repeat(150)}true`)).toBe(true);
  });
});

it('lists the dotted paths that a condition looks up, once each', () => {
  const compiled = compileCondition("a.b == 1 or a.b > c['d e'] or not (tags[0] in [x, 'y'])");
  expect(compiled.ok && compiled.condition.variables).toEqual(['a.b', 'c.d e', 'tags.0', 'x']);
});

it('keeps the source', () => {
  const compiled = compileCondition(' a  == 1');
  expect(compiled.ok && compiled.condition.source).toBe(' a  == 1');
});
