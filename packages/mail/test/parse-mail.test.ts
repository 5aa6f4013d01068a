import fc from 'fast-check';
import { classify } from '../src/classify.js';
import { meaningOf } from '../src/meaning.js';
import { ownText } from '../src/own-text.js';
import { parseMail } from '../src/parse-mail.js';
import { createTokens } from '../src/tokens.js';
import { bounced, complained, plain, raw } from './support/mails.js';

const tokens = createTokens('a secret of the installation, long enough');

/** Everything that is done with a mail, in a row. */
async function through(mail: Uint8Array): Promise<string> {
  const parsed = await parseMail(mail);
  if (!parsed) return 'unreadable';
  const { kind } = classify(parsed, { from: 'a@b.c', to: { kind: 'general' } }, tokens);
  meaningOf(ownText(parsed.text), { intents: ['yes'], number: null });
  return kind;
}

describe('reading a mail', () => {
  it.each([
    [
      'quoted-printable in Latin-1',
      raw(
        'Content-Type: text/plain; charset=iso-8859-1',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Gr=FC=DFe',
      ),
      'Grüße',
    ],
    [
      'base64',
      raw(
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from('Grüße').toString('base64'),
      ),
      'Grüße',
    ],
    [
      'text beside HTML',
      raw(
        'Content-Type: multipart/alternative; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'As text',
        '--b',
        'Content-Type: text/html',
        '',
        '<p>As page</p>',
        '--b--',
      ),
      'As text',
    ],
    [
      'HTML alone, from Gmail',
      raw(
        'Content-Type: text/html; charset=utf-8',
        '',
        '<div dir="ltr">Accept&nbsp;proposal<br>We are in.</div><br><div class="gmail_quote"><div dir="ltr"',
        ' class="gmail_attr">On Tue, Sales wrote:<br></div><blockquote>Hello</blockquote></div>',
      ),
      'Accept proposal\nWe are in.',
    ],
    [
      'HTML alone, from Outlook',
      raw(
        'Content-Type: text/html; charset=utf-8',
        '',
        '<html><head><style>p {color: red}</style></head><body><p>Rating: 4</p><div id="appendonsend"></div>',
        '<hr><div id="divRplyFwdMsg"><b>From:</b> Sales &lt;s@example.com&gt;<br><b>Sent:</b> Tuesday<br>',
        '<b>To:</b> Ada<br><b>Subject:</b> Trial</div><div>Hello</div></body></html>',
      ),
      'Rating: 4',
    ],
    [
      'a text that forwards another mail as a part',
      raw(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'See below',
        '--b',
        'Content-Type: message/rfc822',
        '',
        'Subject: other',
        '',
        'Rating: 1',
        '--b--',
      ),
      'See below',
    ],
    ['a charset that there is not', raw('Content-Type: text/plain; charset=klingon-1', '', 'nuqneH'), 'nuqneH'],
    ['no header at all', raw('', 'Hello'), 'Hello'],
    ['nothing', raw(''), ''],
  ])('finds the own text in %s', async (_, mail, own) => {
    expect(ownText((await parseMail(mail))?.text ?? 'unreadable')).toBe(own);
  });

  it.each([
    ['parts within parts, 1,000 levels deep', nested(1000)],
    ['a header of a megabyte', raw(`X-Long: ${'x'.repeat(1_000_000)}`, '', 'Hi')],
    ['a megabyte of empty lines', Buffer.alloc(1_000_000, '\n')],
    ['100,000 parts', raw('Content-Type: multipart/mixed; boundary=b', '', '--b\r\n\r\nx\r\n'.repeat(100_000))],
    ['100,000 headers', raw(...Array.from({ length: 100_000 }, (_, i) => `X-${i}: y`), '', 'Hi')],
  ])('gives up on %s', async (_, mail) => {
    expect(await through(mail)).toBe('unreadable');
  });

  it.each([
    ['mails within mails', Buffer.from('Content-Type: message/rfc822\r\n\r\n'.repeat(20_000))],
    ['elements within elements', raw('Content-Type: text/html', '', '<table><tr><td>'.repeat(60_000))],
    ['an endless line', raw('', 'On 1 2 '.repeat(140_000))],
    ['many attributions', raw('', 'On 24 Nov, a wrote\n'.repeat(50_000))],
    ['many addresses', raw(`From: ${'a@b.c,'.repeat(40_000)}`, '', 'Hi')],
    ['many parts', raw('Content-Type: multipart/mixed; boundary=b', '', '--b\r\n\r\nx\r\n'.repeat(2000))],
    ['a report without an end', raw('Content-Type: message/delivery-status', '', 'Action: failed\n\n'.repeat(20_000))],
  ])('comes to an end with %s', async (_, mail) => {
    expect(await through(mail)).toEqual(expect.any(String));
  });

  it('never throws, whatever bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        expect(await through(bytes)).toEqual(expect.any(String));
      }),
    );
  });

  it('never throws, however a real mail is mangled', async () => {
    const real = [plain(), bounced('5.1.1', 'failed', '550 no', '<1@x>'), complained('abuse', '<1@x>')];
    const mail = fc.constantFrom(...real);
    await fc.assert(
      fc.asyncProperty(mail, fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 50 }), async (whole, a, b, bytes) => {
        const [from, to] = [a % whole.length, b % whole.length];
        const mangled = Buffer.concat([whole.subarray(0, from), bytes, whole.subarray(to)]);
        expect(await through(mangled)).toEqual(expect.any(String));
      }),
      { numRuns: 300 },
    );
  });
});

function nested(levels: number): Buffer {
  const lines = Array.from({ length: levels }, (_, i) => [
    `Content-Type: multipart/mixed; boundary="b${i}"`,
    '',
    `--b${i}`,
  ]);
  return raw(...lines.flat(), '', 'Hi');
}
