import { compileText, singleLine } from './text.js';

const variables = {
  recipient: { first_name: 'Ada', 'last name': 'Löwe', nickname: '', address: { city: 'Bern' } },
  count: 3,
  zero: 0,
  yes: true,
  no: false,
  none: null,
  call: () => 'called',
  sharp: '<b>&"{{count}}"</b>',
  items: [
    { title: 'Desk', tags: ['wood', 'new'] },
    { title: 'Lamp', tags: [] },
  ],
  names: ['Ada', 'Bo'],
  matrix: [
    [1, 2],
    [3, 4],
  ],
  empty: [],
};

function render(source: string, values: { readonly [name: string]: unknown } = variables) {
  const compiled = compileText(source);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.text.render(values);
}

function fault(source: string): { message: string; position: number } {
  const compiled = compileText(source);
  if (compiled.ok) throw new Error(`${source} was accepted`);
  return { message: compiled.message, position: compiled.position };
}

function listed(source: string): readonly string[] {
  const compiled = compileText(source);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.text.variables;
}

describe('a text', () => {
  it.each([
    ['', ''],
    ['No tags.\nAt all.', 'No tags.\nAt all.'],
    ['Dear {{recipient.first_name}},', 'Dear Ada,'],
    ['{{ recipient.first_name }}/{{recipient.last name}}', 'Ada/Löwe'],
    ['{{count}} {{zero}} {{yes}} {{no}}', '3 0 true false'],
    ['[{{recipient.nickname}}]', '[]'],
    ['{{names.1}} of {{names.length}}', 'Bo of 2'],
    ['{{sharp}}', '<b>&"{{count}}"</b>'],
    ['a{{! a comment, {{# with } things }}b', 'ab'],
    [`a{{!${' long'.repeat(1000)}}}b`, 'ab'],
    ['} }} { {count}', '} }} { {count}'],
    ['{{count}}}', '3}'],
  ])('%.60j renders as %j', (source, expected) => expect(render(source)).toEqual({ text: expected, missing: [] }));
});

describe('a section', () => {
  it.each([
    ['{{#items}}<{{title}}>{{/items}}', '<Desk><Lamp>'],
    ['{{#items}}{{title}}:{{#tags}} {{.}}{{/tags}};{{/items}}', 'Desk: wood new;Lamp:;'],
    ['{{#names}}{{.}},{{/names}}', 'Ada,Bo,'],
    ['{{#matrix}}{{#.}}{{.}}{{/.}}|{{/matrix}}', '12|34|'],
    ['{{#recipient}}{{first_name}} {{address.city}}{{/recipient}}', 'Ada Bern'],
    ['{{#recipient.first_name}}Hi {{.}}{{/recipient.first_name}}', 'Hi Ada'],
    ['{{#yes}}shown{{/yes}}', 'shown'],
    ['{{#names}}{{#yes}}{{.}}{{/yes}}{{/names}}', 'AdaBo'],
    [
      '{{#no}}x{{/no}}{{#zero}}x{{/zero}}{{#none}}x{{/none}}{{#empty}}x{{/empty}}{{#recipient.nickname}}x{{/recipient.nickname}}',
      '',
    ],
    ['{{#call}}x{{/call}}{{#missing}}{{also.missing}}{{/missing}}', ''],
    ['{{^no}}a{{/no}}{{^zero}}b{{/zero}}{{^empty}}c{{/empty}}{{^missing}}d{{/missing}}{{^call}}e{{/call}}', 'abcde'],
    ['{{^yes}}x{{/yes}}{{^names}}x{{/names}}{{^recipient}}x{{/recipient}}', ''],
    ['{{#names}}{{^missing}}{{.}}{{/missing}}{{/names}}', 'AdaBo'],
    ['Items:\n{{#items}}\n- {{title}}\n{{/items}}\nEnd', 'Items:\n- Desk\n- Lamp\nEnd'],
    ['{{#yes}}{{#yes}}twice{{/yes}}{{/yes}}', 'twice'],
    ['{{ # yes }}spaced{{ / yes }}', 'spaced'],
  ])('%j renders as %j', (source, expected) => expect(render(source)).toEqual({ text: expected, missing: [] }));

  it('looks names up from the innermost data outwards, and the first that has the first name decides', () => {
    const values = { name: 'outer', a: { b: 'outer' }, list: [{ name: 'inner', a: {} }, { other: 1 }] };
    expect(render('{{#list}}{{name}} {{a.b}};{{/list}}', values)).toEqual({
      text: 'inner ;outer outer;',
      missing: ['a.b'],
    });
  });
});

describe('what is missing', () => {
  it.each([
    ['{{nothing}}', ['nothing']],
    ['{{recipient.phone}} {{recipient.phone}}', ['recipient.phone']],
    ['{{none}}{{call}}', ['none', 'call']],
    ['{{recipient}}{{items}}', ['recipient', 'items']],
    ['{{recipient.first_name.length}}', ['recipient.first_name.length']],
    ['{{#items}}{{price}}{{/items}}', ['price']],
    ['{{#items}}{{.}}{{/items}}', ['.']],
    ['{{constructor}}{{__proto__}}{{toString}}', ['constructor', '__proto__', 'toString']],
    ['{{recipient.constructor.name}}', ['recipient.constructor.name']],
    ['{{#names}}{{constructor.name}}{{/names}}', ['constructor.name']],
    ['{{#nothing}}{{deeper}}{{/nothing}}', []],
    ['{{^nothing}}{{deeper}}{{/nothing}}', ['deeper']],
  ])('in %j is %j, and nothing is inserted', (source, missing) => {
    expect(render(source)).toEqual({ text: source.includes(' ') ? ' ' : '', missing });
  });

  it('counts an instance of a class and a function in a list as missing', () => {
    class Person {
      name = 'Ada';
    }
    const values = { person: new Person(), people: [new Person()], calls: [() => 'called'], when: new Date(0) };
    const source = '{{person.name}}{{#people}}{{name}}{{/people}}{{#calls}}{{.}}{{/calls}}{{when}}';
    expect(render(source, values)).toEqual({ text: '', missing: ['person.name', 'name', '.', 'when'] });
  });
});

describe('the variables of a text', () => {
  it.each([
    ['{{a.b}} {{c}} {{a.b}}', ['a.b', 'c']],
    ['{{#a.b}}{{c}}{{#d}}{{e}}{{/d}}{{/a.b}}{{^f}}{{g}}{{/f}}{{! h }}', ['a.b', 'f']],
    ['Nothing', []],
  ])('%j are %j', (source, expected) => expect(listed(source)).toEqual(expected));
});

describe('a text that does not compile', () => {
  it.each([
    ['Hi {{> x}}', 3, 'Found a partial, {{> ...}}: texts cannot include other texts at line 1, character 4.'],
    ['{{=<% %>=}}', 0, 'Found a change of delimiters: {{ and }} stay as they are at line 1, character 1.'],
    ['a\nb {{=|=}}', 4, 'Found a change of delimiters: {{ and }} stay as they are at line 2, character 3.'],
    ['{{{ x }}}', 0, 'Found {{{: texts are plain, {{x}} already inserts the value as it is at line 1, character 1.'],
    [
      'a {{& x.y}}',
      2,
      'Found {{&: texts are plain, {{x.y}} already inserts the value as it is at line 1, character 3.',
    ],
    ['Hi {{name, all', 3, 'Found {{ without the }} that ends the tag at line 1, character 4.'],
    ['Hi {{name}', 3, 'Found {{ without the }} that ends the tag at line 1, character 4.'],
    ['{{a}}\n{{#b}}\n{{c}}', 6, 'Found {{#b}} without its {{/b}} at line 2, character 1.'],
    ['{{^b}}', 0, 'Found {{^b}} without its {{/b}} at line 1, character 1.'],
    ['{{#a}}{{#b}}{{/a}}', 12, 'Found {{/a}}, expected {{/b}} first at line 1, character 13.'],
    ['x{{/a}}', 1, 'Found {{/a}} without a section that it closes at line 1, character 2.'],
    ['{{}}', 0, 'Found a tag without a name at line 1, character 1.'],
    ['{{# }}', 0, 'Found a tag without a name at line 1, character 1.'],
    ['{{a..b}}', 0, 'Found {{a..b}}, expected a name before and after every dot at line 1, character 1.'],
    ['{{.a}}', 0, 'Found {{.a}}, expected a name before and after every dot at line 1, character 1.'],
    ['{{a. }}', 0, 'Found {{a.}}, expected a name before and after every dot at line 1, character 1.'],
    ['{{ {a} }}', 0, 'Found a brace inside a tag, expected a name at line 1, character 1.'],
    ['{{a {{b}}', 0, 'Found a brace inside a tag, expected a name at line 1, character 1.'],
    ['{{.}}', 0, 'Found {{.}} outside a section, expected it inside {{#...}} at line 1, character 1.'],
    ['{{^a}}{{.}}{{/a}}', 6, 'Found {{.}} outside a section, expected it inside {{#...}} at line 1, character 7.'],
  ])('%j is refused at %i', (source, position, message) => expect(fault(source)).toEqual({ message, position }));
});

describe('singleLine', () => {
  it.each([
    ['Hello', 'Hello'],
    ['a\r\nBcc: x@example.org', 'a Bcc: x@example.org'],
    ['a\tb\n\n\nc', 'a b c'],
    ['\r\n a \n', 'a'],
    ['a\0b\u0085c\u2028d\u2029e\u001bf\vg', 'a b c d e f g'],
    ['two  spaces\u00a0stay', 'two  spaces\u00a0stay'],
  ])('%j becomes %j', (text, expected) => expect(singleLine(text)).toBe(expected));
});
