import type { OutboundMessage } from './channel.js';
import type { EmailIdentity } from './email-identity.js';
import { composeEmail } from './email-message.js';

const sender = { name: 'Sales', address: 'sales@example.com' };
const message: OutboundMessage = {
  key: 'camp/user_1/welcome/1/0/0',
  conversationId: 'camp/user_1',
  to: 'ada@example.org',
  subject: 'Your trial',
  body: 'Hello Ada\n',
  attempt: 1,
};

const LONG = 'x'.repeat(550);
const full: EmailIdentity = {
  messageIdLeft: `${LONG}.mac`,
  replyTo: 'reply+1@in.example.com',
  returnPath: 'bounce+1@in.example.com',
  oneClickUrl: `https://example.com/u/${LONG}.mac`,
  unsubscribeAddress: 'reply+1@in.example.com',
};

/** The names of the headers with their values, unfolded. */
async function headersOf(identity: EmailIdentity | null): Promise<Map<string, string>> {
  const mail = await composeEmail(message, sender, 'mail.example.com', new Date(0), identity);
  const head = mail.toString().split('\r\n\r\n')[0] ?? '';
  for (const line of head.split('\r\n')) expect(line.length).toBeLessThan(998);
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
}

describe('a mail with an identity', () => {
  it('carries it in one piece, however long its key is', async () => {
    const headers = await headersOf(full);
    expect(headers.get('Message-ID')).toBe(`<${LONG}.mac@mail.example.com>`);
    expect(headers.get('Reply-To')).toBe('reply+1@in.example.com');
    expect(headers.get('List-Unsubscribe')).toBe(
      `<https://example.com/u/${LONG}.mac>, <mailto:reply+1@in.example.com?subject=unsubscribe>`,
    );
    expect(headers.get('List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    expect(headers.get('From')).toBe('Sales <sales@example.com>');
  });

  it('offers the one click only where there is a link to post to', async () => {
    const { oneClickUrl: _none, ...without } = full;
    const headers = await headersOf(without);
    expect(headers.get('List-Unsubscribe')).toBe('<mailto:reply+1@in.example.com?subject=unsubscribe>');
    expect(headers.has('List-Unsubscribe-Post')).toBe(false);
  });

  it('can be a Message-ID alone', async () => {
    expect([...(await headersOf({ messageIdLeft: 'left' })).keys()]).toEqual([...(await headersOf(null)).keys()]);
  });
});

it('a mail without an identity is, byte for byte, what it always was', async () => {
  const mail = await composeEmail(message, sender, 'mail.example.com', new Date(0), null);
  expect(mail.toString()).toBe(
    [
      'From: Sales <sales@example.com>',
      'To: ada@example.org',
      'Subject: Your trial',
      'Date: Thu, 01 Jan 1970 00:00:00 +0000',
      'Message-ID: <79e72ad9b8fb027a2498fb0d0f49eb56@mail.example.com>',
      'X-Campaign-Message: camp/user_1/welcome/1/0/0',
      'Content-Transfer-Encoding: 7bit',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hello Ada\n',
    ].join('\r\n'),
  );
});
