import { lookup } from './lookup.js';

class Rating {
  value = 4;
}

const variables = {
  response: { rating: 4, tags: ['early', 'vip'], first: null },
  bare: Object.assign(Object.create(null), { x: 1 }),
  rating: new Rating(),
  when: new Date(0),
  map: new Map([['size', 1]]),
  name: 'Ada',
  call: () => 'called',
};

describe('lookup', () => {
  it.each([
    [['response', 'rating'], 4],
    [['response', 'tags', '1'], 'vip'],
    [['response', 'tags', 'length'], 2],
    [['response', 'first'], null],
    [['bare', 'x'], 1],
    [['name'], 'Ada'],
  ])('finds %j', (path, expected) => expect(lookup(variables, path)).toBe(expected));

  it.each([
    [['missing']],
    [['response', 'missing', 'deeper']],
    [['response', 'first', 'deeper']],
    [['response', 'tags', '2']],
    [['response', 'tags', '-1']],
    [['response', 'tags', 'map']],
    [['name', 'length']],
    [['name', '0']],
    [['call']],
    [['call', 'name']],
    [['rating', 'value']],
    [['map', 'size']],
    [['when', 'getTime']],
    [['__proto__']],
    [['constructor']],
    [['toString']],
    [['response', 'constructor', 'constructor']],
    [['response', '__proto__', 'polluted']],
  ])('misses %j', (path) => expect(lookup(variables, path)).toBeUndefined());

  it('reads a property that is called __proto__ only where the data own it', () => {
    const parsed: unknown = JSON.parse('{"a":{"__proto__":{"x":1}}}');
    expect(lookup(parsed, ['a', '__proto__', 'x'])).toBe(1);
    expect(lookup(parsed, ['a', 'x'])).toBeUndefined();
  });

  it('does not see what a polluted prototype offers', () => {
    const base = { polluted: 'yes' };
    expect(lookup({ a: Object.create(base) as unknown }, ['a', 'polluted'])).toBeUndefined();
  });

  it('answers an empty path with the value itself', () => expect(lookup('Ada', [])).toBe('Ada'));
});
