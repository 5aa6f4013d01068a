/** The template's only message as it is rendered for a recipient, so that no floor renders anything. Pure. */
export function subjectTo(recipientId: string): string {
  return `A word on Company of ${recipientId}`;
}

export function bodyTo(recipientId: string): string {
  return `Dear Ada ${recipientId}, this is what our monthly letter looks like: two sentences of text with a name in it, and a question at the end. Shall we talk about Company of ${recipientId}?`;
}

/** What a row of the ledger says of its mail. */
export interface Letter {
  readonly _id: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

/** A mail with the headers that the product's have, which need no encoding here. Pure. */
export function letterText({ _id, to, subject, body }: Letter): string {
  return [
    'From: Campaign Manager <campaigns@localhost>',
    `To: ${to}`,
    `Subject: ${subject}`,
    'Date: Thu, 01 Jan 2026 00:00:00 +0000',
    'Message-ID: <00000000000000000000000000000000@localhost>',
    `X-Campaign-Message: ${_id}`,
    'Content-Transfer-Encoding: quoted-printable',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    body,
  ].join('\r\n');
}
