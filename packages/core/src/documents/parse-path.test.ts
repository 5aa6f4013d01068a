import { jsonPath } from '@campaign-manager/core/schemas';
import { parsePath } from './parse-path.js';

describe('parsePath', () => {
  it.each([
    [[]],
    [['stages', 'awareness', 'messages', 0, 'timing']],
    [['context_data', 'company.name']],
    [['recipients', 12, "it's", 'a "b"', 'c\\d', 'e\nf', '0']],
    [['__proto__', 'ä', '', ']', "['"]],
  ])('reads what faults write of %j', (path) => {
    expect(parsePath(jsonPath(path))).toEqual(path);
  });
});
