import { envelopeCommands } from './smtp-envelope.js';

describe('the commands of an envelope', () => {
  it('name the sender and the address', () => {
    expect(envelopeCommands({ from: 'a@example.com', to: 'b@example.org' }, true)).toEqual({
      mail: 'MAIL FROM:<a@example.com>\r\n',
      rcpt: 'RCPT TO:<b@example.org>\r\n',
    });
  });

  it.each([
    [true, 'MAIL FROM:<Ã¤@example.com> SMTPUTF8\r\n'],
    [false, 'MAIL FROM:<Ã¤@example.com>\r\n'],
  ])('announce an address beyond ASCII where the server knows of such: %s', (smtpUtf8, mail) => {
    expect(envelopeCommands({ from: 'ä@example.com', to: 'b@example.org' }, smtpUtf8)?.mail).toBe(mail);
  });

  it.each([
    'b@example.org>\r\nRCPT TO:<eve@example.net',
    'b@example.org\n',
    'b@example.org> SIZE=1',
    '<b@c',
    'b\0@c',
    '\x7f@c',
    '',
  ])('are not made for %j', (to) => {
    expect(envelopeCommands({ from: 'a@example.com', to }, true)).toBeNull();
    if (to !== '') expect(envelopeCommands({ from: to, to: 'b@example.org' }, true)).toBeNull();
  });
});
