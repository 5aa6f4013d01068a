import fc from 'fast-check';
import { createReplyReader } from './smtp-replies.js';

/** Everything that is read from these pieces, up to what is broken. */
function read(pieces: readonly (string | Buffer)[]): unknown[] {
  const reader = createReplyReader();
  const found: unknown[] = [];
  for (const piece of pieces) {
    reader.push(Buffer.from(piece));
    for (let next = reader.next(); next !== null; next = reader.next()) {
      found.push(next.kind === 'reply' ? [next.code, next.text] : next.reason);
      if (next.kind === 'broken') return found;
    }
  }
  if (reader.unread() !== '') found.push({ unread: reader.unread() });
  return found;
}

describe('the replies of a server', () => {
  it.each<[string, string, unknown[]]>([
    ['one', '250 ok\r\n', [[250, '250 ok']]],
    ['one without words', '250\r\n', [[250, '250']]],
    ['one that ends with a line feed alone', '250 ok\n', [[250, '250 ok']]],
    [
      'several',
      '250 a\r\n550 b\r\n354 c\r\n',
      [
        [250, '250 a'],
        [550, '550 b'],
        [354, '354 c'],
      ],
    ],
    ['one of several lines', '550-no\r\n550-such\r\n550 user\r\n', [[550, '550-no\n550-such\n550 user']]],
    ['empty lines between two', '\r\n250 a\r\n\r\n250 b\r\n', expect.arrayContaining([[250, '250 b']]) as never],
    ['half a line', '250 a\r\n25', [[250, '250 a'], { unread: '25' }]],
    ['half a reply', '250-a\r\n', [{ unread: '250-a' }]],
    ['no reply', 'hello\r\n250 ok\r\n', ['not a reply of SMTP: hello']],
    ['no reply within one', '250-a\r\nhello\r\n', ['not a reply of SMTP: hello']],
    ['an empty line within one', '250-a\r\n\r\n250 b\r\n', ['not a reply of SMTP: ']],
    ['a longer number', '2500 a\r\n', ['not a reply of SMTP: 2500 a']],
    ['a line without end', '2'.repeat(20_000), ['an endless reply']],
    ['a line of any length', `250 ${'x'.repeat(20_000)}\r\n`, ['an endless reply']],
    ['lines without end', '250-x\r\n'.repeat(5000), ['an endless reply']],
    ['UTF-8', '550 Grüße\r\n', [[550, '550 Grüße']]],
  ])('are told: %s', (_, text, replies) => {
    expect(read([text])).toEqual(replies);
  });

  it('are told in bytes where they are not UTF-8', () => {
    expect(read([Buffer.from('550 Grüße\r\n', 'latin1')])).toEqual([[550, '550 Grüße']]);
  });

  it('are the same, whatever pieces they arrive in', () => {
    const text = Buffer.from('250-a\r\n250 b\r\n\r\n550 Grüße\n354 c\r\n421 by');
    const cuts = fc.array(fc.nat(text.length), { maxLength: 20 });
    const whole = read([text]);
    expect(read([...text].map((byte) => Buffer.of(byte)))).toEqual(whole);
    fc.assert(
      fc.property(cuts, (positions) => {
        const at = [0, ...positions.sort((a, b) => a - b), text.length];
        expect(read(at.slice(1).map((end, i) => text.subarray(at[i], end)))).toEqual(whole);
      }),
    );
  });
});
