import { composeEmail, messageId, parseSender } from './email-message.js';

const sender = { name: 'Sales', address: 'sales@example.com' };
const date = new Date('2026-03-01T10:00:00Z');
const key = 'campaign_q3/user_123456/awareness/1/0/0';

async function compose(change: { key?: string; subject?: string; body?: string } = {}) {
  const message = { key, to: 'ada@example.org', subject: 'Your trial', body: 'Hello Ada\n', attempt: 1, ...change };
  const text = (await composeEmail(message, sender, 'mail.example.com', date)).toString();
  const split = text.indexOf('\r\n\r\n');
  return { head: text.slice(0, split).replace(/\r\n[ \t]+/g, ' '), body: text.slice(split + 4) };
}

describe('composeEmail', () => {
  it('names the sender, one recipient, the date, the key and an id that derives from it', async () => {
    const { head, body } = await compose();
    expect(head.split('\r\n')).toEqual(
      expect.arrayContaining([
        'From: Sales <sales@example.com>',
        'To: ada@example.org',
        'Subject: Your trial',
        'Date: Sun, 01 Mar 2026 10:00:00 +0000',
        `Message-ID: ${messageId(key, 'mail.example.com')}`,
        `X-Campaign-Message: ${key}`,
        'Content-Type: text/plain; charset=utf-8',
      ]),
    );
    expect(body.trimEnd()).toBe('Hello Ada');
  });

  it('lets no subject add a header', async () => {
    const { head } = await compose({ subject: 'Hi\r\nBcc: eve@example.net\n\nbody' });
    expect(head).not.toMatch(/^Bcc:/m);
    expect(head).toContain('Subject: Hi Bcc: eve@example.net body');
  });

  it('encodes what is not ASCII in subject and body', async () => {
    const { head, body } = await compose({ subject: 'Grüße', body: 'Schöne Grüße' });
    expect(head).toContain('Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=');
    expect(body).toContain('Sch=C3=B6ne Gr=C3=BC=C3=9Fe');
  });

  it('keeps the longest key in one piece', async () => {
    const longest = `${'c'.repeat(128)}/${'r'.repeat(128)}/${'s'.repeat(128)}/10/99/1000`;
    expect((await compose({ key: longest })).head).toContain(`X-Campaign-Message: ${longest}`);
  });
});

describe('messageId', () => {
  it('is the same for the same key and another for another', () => {
    expect(messageId('a/b', 'example.com')).toBe(messageId('a/b', 'example.com'));
    expect(messageId('a/b', 'example.com')).not.toBe(messageId('a/c', 'example.com'));
    expect(messageId('a/b', 'example.com')).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
  });
});

describe('parseSender', () => {
  it.each([
    ['sales@example.com', { name: '', address: 'sales@example.com' }],
    ['Sales <sales@example.com>', { name: 'Sales', address: 'sales@example.com' }],
    ['"Sales, East" <sales@example.com>', { name: 'Sales, East', address: 'sales@example.com' }],
  ])('reads %s', (from, expected) => {
    expect(parseSender(from)).toEqual(expected);
  });

  it.each(['', 'Sales', 'a@example.com, b@example.com', 'team: a@example.com;x'])('refuses %j', (from) => {
    expect(() => parseSender(from)).toThrow('the sender must be one address');
  });
});
