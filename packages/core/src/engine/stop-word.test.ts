import { isStopWord } from './stop-word.js';

describe('a reply asks for no further messages', () => {
  it.each([
    'STOP',
    'stop',
    ' Stop. ',
    'STOPALL',
    'Unsubscribe!',
    'cancel',
    'END',
    'Quit',
    '"stop"',
    '*STOP*',
    '\n\r\n  \n STOP \n\nSent from my phone',
    'stop\r\n> On Monday you wrote:\r\n> Hello Ada',
    '\uFEFFstop\u200B',
    '…stop…',
  ])('with %j', (text) => {
    expect(isStopWord(text)).toBe(true);
  });

  it.each([
    undefined,
    '',
    ' \n\t\n',
    '.',
    'Please stop',
    'stop it',
    "Don't stop!",
    'stop all',
    'nonstop',
    'The end',
    'unsubscribe me',
    'end-to-end',
    '> STOP',
    'Hello\nSTOP',
    'halt',
    `${'.'.repeat(100_000)}stop${'.'.repeat(100_000)}x`,
  ])('but not with %j', (text) => {
    expect(isStopWord(text)).toBe(false);
  });
});
