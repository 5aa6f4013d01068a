import { jsonPath } from './json-path.js';

describe('jsonPath', () => {
  it.each([
    [[], '$'],
    [['stages', 'awareness', 'messages', 0, 'timing'], '$.stages.awareness.messages[0].timing'],
    [['stages', 'a.b'], "$.stages['a.b']"],
    [['stages', '0'], "$.stages['0']"],
    [['it\'s "x"'], `$['it\\'s "x"']`],
    [['a\nb\\c'], "$['a\\nb\\\\c']"],
    [[''], "$['']"],
  ])('writes %j as %s', (path, expected) => {
    expect(jsonPath(path)).toBe(expected);
  });

  it('cuts a name that is longer than any id', () => {
    expect(jsonPath(['x'.repeat(1_000_000)]).length).toBeLessThan(150);
  });
});
