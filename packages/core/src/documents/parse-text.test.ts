import { sourceChecks } from '../lint/index.js';
import { checkTemplate } from '../schemas/index.js';
import { parseText } from './parse-text.js';

const YAML = `_id: t
name: T
type: sales
stages:
  hello:
    mesages: []
    messages:
      - template: Hi {{
        timing: { delay_hours: soon }
`;

function faultsOf(text: string, language: 'json' | 'yaml'): string[] {
  const read = parseText(text, language);
  if (!read.ok) return read.faults.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`);
  const { faults } = checkTemplate(read.value, sourceChecks);
  return faults.map(read.locate).map(({ line, column, path }) => `${line}:${column} ${path}`);
}

describe('a document with faults', () => {
  it('has each at its line and column, an unknown field at its key, in YAML', () => {
    expect(faultsOf(YAML, 'yaml')).toEqual([
      '6:5 $.stages.hello.mesages',
      '9:32 $.stages.hello.messages[0].timing.delay_hours',
    ]);
  });

  it('has them in JSON, whatever it is indented with', () => {
    const json = '{\n\t"_id": "t",\n\t"nmae": "T",\n\t"type": 5,\n\t"stages": {"a": {"messages": []}}\n}';
    expect(faultsOf(json, 'json')).toEqual(['1:1 $.name', '3:2 $.nmae', '4:10 $.type']);
  });

  it('has what is missing where the object begins that should hold it', () => {
    expect(faultsOf('_id: t\nname: T\ntype: x\nstages:\n  a:\n    messages:\n      - subject: Hi\n', 'yaml')).toEqual([
      '7:9 $.stages.a.messages[0].template',
    ]);
  });

  it('has those below an alias where its anchor stands', () => {
    const text = '_id: t\nname: T\ntype: x\nstages:\n  a: &a\n    messages: [{ template: 5 }]\n  b: *a\n';
    expect(faultsOf(text, 'yaml')).toEqual([
      '6:28 $.stages.a.messages[0].template',
      '6:28 $.stages.b.messages[0].template',
    ]);
  });

  it('keeps hostile keys as data and names them', () => {
    expect(faultsOf('_id: t\n__proto__: { polluted: true }\n', 'yaml')).toEqual(['2:1 $.__proto__']);
    expect(faultsOf('{"_id": "t",\n "__proto__": {"polluted": true}}', 'json')).toEqual(['2:2 $.__proto__']);
  });
});

describe('a text that cannot be read', () => {
  it('may be one whose aliases multiply without end', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`);
    expect(faultsOf(`l0: &l0 lol\n${levels.join('\n')}\n`, 'yaml')).toEqual([
      expect.stringMatching(/^1:1 \$ This is not valid YAML: Excessive alias count/),
    ]);
  });

  it.each([
    ['a comma too many', '{\n  "a": 1,\n}', 'json', '3:1'],
    ['an early end', '{\n  "a": 1', 'json', '2:9'],
    ['YAML in a JSON file', 'a: 1', 'json', '1:1'],
    ['nothing', '', 'json', '1:1'],
    ['a key that stands twice', 'a: 1\na: 2\n', 'yaml', '2:1'],
    ['a quote that is left open', 'a: "1\nb: 2\n', 'yaml', '3:1'],
  ] as const)('has %s at its place', (_what, text, language, position) => {
    const [fault = ''] = faultsOf(text, language);
    expect(fault).toMatch(/^\d+:\d+ \$ This is not valid (?:JSON|YAML): /);
    expect(fault.split(' ')[0]).toBe(position);
  });
});
