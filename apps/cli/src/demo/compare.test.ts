import { compareMailbox, compareStories } from './compare.js';

const story = ['entered a', 'sent a/0/0', 'response yes', 'advanced to b'];
const swapped = ['entered a', 'response yes', 'sent a/0/0', 'advanced to b'];

describe('compareStories', () => {
  it.each([
    ['an event in another place', swapped],
    ['an event too many', [...story, 'entered b']],
    ['an event too few', story.slice(0, -1)],
    ['nothing at all', []],
  ])('finds %s', (_, actual) => {
    const predicted = new Map([
      ['c/1', story],
      ['c/2', story],
    ]);
    expect(
      compareStories(
        predicted,
        new Map([
          ['c/1', story],
          ['c/2', actual],
        ]),
      ),
    ).toEqual([{ where: 'c/2', predicted: story, actual }]);
  });

  it('finds conversations that nobody predicted or that never came to be', () => {
    expect(compareStories(new Map([['c/1', story]]), new Map([['c/2', story]]))).toEqual([
      { where: 'c/1', predicted: story, actual: [] },
      { where: 'c/2', predicted: [], actual: story },
    ]);
  });

  it('finds nothing where both agree', () => {
    expect(compareStories(new Map([['c/1', story]]), new Map([['c/1', [...story]]]))).toEqual([]);
  });
});

describe('compareMailbox', () => {
  it.each([
    ['a message that never arrived', ['k/1', 'k/2'], ['k/1'], 'k/2', 'in the mailbox: not at all'],
    ['a message that arrived twice', ['k/1'], ['k/1', 'k/1'], 'k/1', 'in the mailbox: 2 times'],
    ['a mail that the ledger does not know', ['k/1'], ['k/1', 'k/3'], 'k/3', 'in the mailbox: once'],
  ])('finds %s', (_, sent, received, where, found) => {
    expect(compareMailbox(sent, received)).toMatchObject([{ where, actual: [found] }]);
  });

  it('does not mind the order', () => {
    expect(compareMailbox(['k/1', 'k/2'], ['k/2', 'k/1'])).toEqual([]);
  });
});
