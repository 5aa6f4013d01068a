/** Mails in the shapes that people's programs and mail servers send, written for these tests. */

export interface Shape {
  readonly from?: string;
  readonly subject?: string;
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly references?: string;
  readonly headers?: readonly string[];
  readonly own?: string;
}

const crlf = (lines: readonly string[]): string => lines.join('\r\n');

function head({ from = 'Ada <user_1@example.com>', subject = 'Re: Welcome', ...shape }: Shape): string[] {
  return [
    `From: ${from}`,
    'To: somebody@in.example.test',
    `Subject: ${subject}`,
    'Date: Sun, 1 Mar 2026 12:00:00 +0000',
    ...(shape.messageId === undefined ? [] : [`Message-ID: ${shape.messageId}`]),
    ...(shape.inReplyTo === undefined ? [] : [`In-Reply-To: ${shape.inReplyTo}`]),
    ...(shape.references === undefined ? [] : [`References: ${shape.references}`]),
    'MIME-Version: 1.0',
    ...(shape.headers ?? []),
  ];
}

/** Gmail: text and HTML, the original quoted in both. */
export function gmail(shape: Shape): string {
  const { own = 'Sign contract' } = shape;
  return crlf([
    ...head(shape),
    'Content-Type: multipart/alternative; boundary="000000000000a1b2c3"',
    '',
    '--000000000000a1b2c3',
    'Content-Type: text/plain; charset="UTF-8"',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    ...own.split('\n'),
    '',
    'On Sun, Mar 1, 2026 at 11:00=E2=80=AFAM Sales <sales@example.test> wrote:',
    '',
    '> Hello Ada,',
    '> Rating: 1',
    '',
    '--000000000000a1b2c3',
    'Content-Type: text/html; charset="UTF-8"',
    '',
    `<div dir="ltr">${own}</div><br><div class="gmail_quote">On Sun, Sales wrote:<blockquote>Hello</blockquote></div>`,
    '',
    '--000000000000a1b2c3--',
  ]);
}

/** Outlook: HTML in base64 alone, the original under a block of headers. */
export function outlook(shape: Shape): string {
  const html = [
    `<html><head><style>p{margin:0}</style></head><body><p class="MsoNormal">${shape.own ?? 'Sign contract'}</p>`,
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Sales &lt;s@example.test&gt;<br>',
    '<b>Sent:</b> Sunday, March 1, 2026 11:00 AM<br><b>To:</b> Ada<br><b>Subject:</b> Welcome</p></div>',
    '<p class="MsoNormal">Hello Ada,</p></body></html>',
  ].join('\r\n');
  return crlf([
    ...head(shape),
    'Content-Type: text/html; charset="utf-8"',
    'Content-Transfer-Encoding: base64',
    'X-Auto-Response-Suppress: DR, OOF, AutoReply',
    '',
    ...(Buffer.from(html)
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
  ]);
}

/** Apple Mail: plain text. */
export function apple(shape: Shape): string {
  return crlf([
    ...head(shape),
    'Content-Type: text/plain; charset=utf-8',
    'X-Mailer: Apple Mail (2.3826)',
    '',
    ...(shape.own ?? 'Sign contract').split('\n'),
    '',
    '> On 1 Mar 2026, at 11:00, Sales <sales@example.test> wrote:',
    '> ',
    '> Hello Ada,',
  ]);
}

/** A mail server's report that it could not deliver (RFC 3464), with the original's headers if they are given. */
export function report(status: string, originalId?: string): string {
  return crlf([
    ...head({
      from: 'MAILER-DAEMON@mx.example.com',
      subject: 'Undelivered Mail Returned to Sender',
      messageId: '<r@mx>',
    }),
    'Content-Type: multipart/report; report-type=delivery-status; boundary="r"',
    '',
    '--r',
    'Content-Type: text/plain',
    '',
    'Your message could not be delivered.',
    '--r',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.com',
    '',
    'Final-Recipient: rfc822; user_1@example.com',
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: smtp; 550 ${status} user unknown`,
    '',
    ...(originalId === undefined
      ? []
      : ['--r', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${originalId}`, 'Subject: Welcome', '']),
    '--r--',
  ]);
}

/** A complaint from a feedback loop (RFC 5965). */
export function complaint(originalId: string): string {
  return crlf([
    ...head({ from: 'fbl@isp.example.com', subject: 'FW: Welcome', messageId: '<c@isp>' }),
    'Content-Type: multipart/report; report-type=feedback-report; boundary="f"',
    '',
    '--f',
    'Content-Type: text/plain',
    '',
    'This is an email abuse report.',
    '--f',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'Version: 1',
    '',
    '--f',
    'Content-Type: message/rfc822',
    '',
    `Message-ID: ${originalId}`,
    '',
    'Hello Ada',
    '--f--',
  ]);
}
