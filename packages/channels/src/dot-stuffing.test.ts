import fc from 'fast-check';
import { dotStuffed } from './dot-stuffing.js';

/** What a server makes of it: the lines before the one that is a dot alone, without the dots that were doubled. */
function received(data: string): { mail: string; rest: string } {
  const lines = data.split('\r\n');
  const end = lines.indexOf('.');
  const mail = lines.slice(0, end).map((line) => `${line.replace(/^\./, '')}\r\n`);
  return { mail: mail.join(''), rest: lines.slice(end + 1).join('\r\n') };
}

describe('a mail as it follows DATA', () => {
  it.each([
    ['one\r\ntwo\r\n', 'one\r\ntwo\r\n.\r\n'],
    ['no end', 'no end\r\n.\r\n'],
    ['one\ntwo\n', 'one\r\ntwo\r\n.\r\n'],
    ['one\rtwo\r', 'one\r\ntwo\r\n.\r\n'],
    ['one\n\r\ntwo\r\r\n', 'one\r\n\r\ntwo\r\n\r\n.\r\n'],
    ['.first\r\n', '..first\r\n.\r\n'],
    ['a\r\n.\r\nb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\n.\nb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r.\rb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\n..b\n...', 'a\r\n...b\r\n....\r\n.\r\n'],
    ['a.\r\nb.', 'a.\r\nb.\r\n.\r\n'],
    ['.', '..\r\n.\r\n'],
    ['', '\r\n.\r\n'],
  ])('%j is %j', (mail, data) => {
    expect(dotStuffed(mail)).toBe(data);
  });

  it('arrives line by line as it is, and nothing of it is left over', () => {
    const mails = fc
      .array(fc.constantFrom('.', '\r', '\n', '\r\n', 'a', ' ', '..', 'QUIT'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(mails, (mail) => {
        const lines = mail.replace(/\r\n|\r|\n/g, '\r\n');
        const whole = lines.endsWith('\n') ? lines : `${lines}\r\n`;
        expect(received(dotStuffed(mail))).toEqual({ mail: whole, rest: '' });
      }),
    );
  });
});
