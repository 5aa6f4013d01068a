import { readAnyMail, readMail, readPlainMail } from './read-mail.js';

const mail = (...lines: string[]) => Buffer.from(lines.join('\r\n'));

const plain = [
  { name: 'without any encoding', lines: ['Subject: Your trial', 'Message-ID: <a@x>', '', 'Hello,', 'how is it?', ''] },
  {
    name: 'in quoted-printable',
    lines: [
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      'Subject: Prices',
      'Message-ID: <b@x>',
      '',
      'It costs 5 =E2=82=AC, which is =',
      'little.',
    ],
  },
  {
    name: 'in base64',
    lines: [
      'Content-Type: text/plain; charset="utf-8"',
      'Content-Transfer-Encoding: base64',
      'Message-ID: <c@x>',
      'Subject: Hills',
      '',
      Buffer.from('Grüße aus den Hügeln\n').toString('base64'),
    ],
  },
  {
    name: 'with a folded header',
    lines: ['Message-ID: <d@x>', 'Subject: A subject', ' in two lines', 'X-Conversation: c1/u1', '', 'Text'],
  },
];

describe('readMail', () => {
  it.each(plain)('reads a plain mail $name like mailparser does', async ({ lines }) => {
    const quick = readPlainMail(mail(...lines));

    expect(quick).toBeDefined();
    expect(quick).toEqual(await readAnyMail(mail(...lines)));
  });

  it.each([
    [
      'encoded words in a header',
      ['Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=', '', 'Text'],
      { subject: 'Grüße', text: 'Text' },
    ],
    [
      'a foreign character set',
      ['Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: quoted-printable', '', 'Gr=FC=DFe'],
      { subject: '', text: 'Grüße' },
    ],
    [
      'several parts',
      [
        'Content-Type: multipart/alternative; boundary=b',
        'Subject: Two',
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
      ],
      { subject: 'Two', text: 'As text' },
    ],
  ])('reads a mail with %s', async (_, lines, expected) => {
    expect(readPlainMail(mail(...lines))).toBeUndefined();
    expect(await readMail(mail(...lines))).toMatchObject(expected);
  });

  it('reads a mail that is all headers', async () => {
    expect(await readMail(mail('Subject: Bare'))).toMatchObject({ subject: 'Bare', text: '', messageId: '' });
  });
});
