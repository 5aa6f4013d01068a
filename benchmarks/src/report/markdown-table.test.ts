import { markdownTable } from './markdown-table.js';

it('is aligned, with names to the left and numbers to the right', () => {
  expect(
    markdownTable(
      ['case', 'rate /s'],
      [
        ['step', '2500'],
        ['a longer name', '9'],
      ],
    ),
  ).toBe(
    [
      '| case          | rate /s |',
      '| ------------- | ------: |',
      '| step          |    2500 |',
      '| a longer name |       9 |',
    ].join('\n'),
  );
});

it('fills up rows that are short', () => {
  expect(markdownTable(['a', 'b'], [['mail']]).split('\n')[2]).toBe('| mail |     |');
});
