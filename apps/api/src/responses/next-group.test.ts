import { nextGroup } from './next-group.js';

/** `reply conversation`, both of which are keys. */
const take = (line: readonly string[], max = 10, busy: readonly string[] = []) =>
  nextGroup(line, (item) => item.split(' '), max, new Set(busy));

it.each<[string, string[], string[], string[]]>([
  ['nobody', [], [], []],
  ['one alone', ['1 a'], ['1 a'], []],
  ['many of different conversations', ['1 a', '2 b', '3 c'], ['1 a', '2 b', '3 c'], []],
  [
    'the first of a conversation, and leaves the others in order',
    ['1 a', '2 a', '3 b', '4 a'],
    ['1 a', '3 b'],
    ['2 a', '4 a'],
  ],
  ['one of several with the same id', ['1 a', '1 a', '1 a'], ['1 a'], ['1 a', '1 a']],
  ['nobody before one with the same id who must wait', ['1 a', '2 a', '2 b', '3 b'], ['1 a'], ['2 a', '2 b', '3 b']],
])('takes %s', (_, line, group, rest) => {
  expect(take(line)).toEqual({ group, rest });
});

it('takes no more than it may, the oldest first', () => {
  expect(take(['1 a', '2 b', '3 c'], 2)).toEqual({ group: ['1 a', '2 b'], rest: ['3 c'] });
});

it('takes nobody whose conversation is being written, and those behind who are free', () => {
  expect(take(['1 a', '2 b', '3 a'], 10, ['a'])).toEqual({ group: ['2 b'], rest: ['1 a', '3 a'] });
});
