import { compileText } from './text.js';

/** Far above what any of these takes, far below what one of them takes where time grows with the square. */
const LIMIT_MS = 5000;

function within<T>(work: () => T): T {
  const started = performance.now();
  const result = work();
  expect(performance.now() - started).toBeLessThan(LIMIT_MS);
  return result;
}

function render(source: string, variables: { readonly [name: string]: unknown }) {
  const compiled = compileText(source);
  if (!compiled.ok) throw new Error(compiled.message);
  return within(() => compiled.text.render(variables));
}

const nested = (names: readonly string[], inside: string) =>
  names.map((name) => `{{#${name}}}`).join('') +
  inside +
  names
    .toReversed()
    .map((name) => `{{/${name}}}`)
    .join('');

describe('a hostile text is refused at once, with its position', () => {
  const spaces = ' '.repeat(99_000);
  it.each([
    ['a million characters', 'a'.repeat(1_000_000), 100_000],
    ['spaces in a tag that is not closed', `{{a${spaces}`, 0],
    ['spaces in a name', `{{a${spaces}b}}`, 0],
    ['spaces in delimiters', `{{=a${spaces}b=}}`, 0],
    ['spaces in an unescaped tag', `{{{a${spaces}b}}}`, 0],
    ['50,000 open braces', '{'.repeat(50_000), 0],
    ['8,000 sections inside each other', `${'{{#a}}'.repeat(8000)}${'{{/a}}'.repeat(8000)}`, 384],
    ['sections behind changed delimiters', `{{=<% %>=}}${'<%#a%>'.repeat(9000)}`, 0],
    ['closing tags only', '{{/a}}'.repeat(16_000), 0],
  ])('%s', (_, source, position) => {
    const message = expect.stringMatching(/ at line 1, character \d+\.$/);
    expect(within(() => compileText(source))).toEqual({ ok: false, message, position });
  });
});

describe('a large text compiles at once', () => {
  it.each([
    ['spaces in a comment', `{{!a${' '.repeat(99_000)}b}}`],
    ['spaces around a name', `{{${' '.repeat(49_000)}a${' '.repeat(49_000)}}}`],
    ['empty lines', '\n'.repeat(100_000)],
    ['blank lines before a section', `${' '.repeat(90_000)}{{#a}}\n{{/a}}`],
    ['many tags', '{{a}}'.repeat(20_000)],
    [
      '64 levels',
      nested(
        Array.from({ length: 64 }, () => 'a'),
        'x',
      ),
    ],
  ])('%s', (_, source) => expect(within(() => compileText(source)).ok).toBe(true));
});

describe('a rendered text', () => {
  const list = Array.from({ length: 1000 }, (_, i) => i + 1);

  it('is cut at 1,000,000 characters', () => {
    const { text } = render('{{#list}}{{long}}{{/list}}!', { list, long: 'x'.repeat(999_999) });
    expect(text).toBe('x'.repeat(1_000_000));
  });

  it('ends where sections would multiply for ever, with or without output', () => {
    const deep = Array.from({ length: 64 }, () => 'list');
    expect(render(`${nested(deep, '')} end`, { list })).toEqual({ text: ' end', missing: [] });
    expect(render(nested(deep, 'x'), { list }).text.length).toBeLessThan(200_000);
  });

  it('shows a list of 10,000 in full', () => {
    const long = Array.from({ length: 10_000 }, (_, i) => ({ n: i }));
    expect(render('{{#long}}{{n}},{{/long}}', { long }).text).toBe(long.map(({ n }) => `${n},`).join(''));
  });

  it('ends although the data contain themselves', () => {
    const self: { [name: string]: unknown } = { name: 'a' };
    self['self'] = self;
    self['all'] = [self, self];
    expect(render(nested(['self', 'all', 'self'], '{{name}}'), { self })).toEqual({ text: 'aa', missing: [] });
  });

  it('never inserts what a value contains as a tag', () => {
    expect(render('{{a}}', { a: '{{b}}{{#c}}', b: 'inserted' }).text).toBe('{{b}}{{#c}}');
  });
});
