import { hash } from 'node:crypto';
import addressparser from 'nodemailer/lib/addressparser';
import type { OutboundMessage } from './channel.js';
import { ChannelConfigError } from './channel-config-error.js';
import { isPlainAddress } from './email-address.js';
import { type EmailIdentity, identityHeaders } from './email-identity.js';
import { encodeBody } from './mail-body.js';
import { addressHeader, dateHeader, textHeader } from './mail-headers.js';

export interface Sender {
  readonly name: string;
  readonly address: string;
}

/** `Name <local@domain>` or `local@domain`. */
export function parseSender(from: string): Sender {
  const [sender, ...others] = addressparser(from, { flatten: true });
  if (!sender || others.length > 0 || !isPlainAddress(sender.address)) {
    throw new ChannelConfigError('email', 'the sender must be one address such as `Sales <sales@example.com>`');
  }
  return { name: sender.name, address: sender.address };
}

/** The same for every attempt of a message, so that receivers can recognise a repetition. */
export function messageId(key: string, domain: string): string {
  return `<${hash('sha256', key).slice(0, 32)}@${domain}>`;
}

/**
 * The mail, one character a byte: plain text, one address on each side. Without an identity its id is a hash of its key,
 * and answers go to the sender. Byte for byte what the library's own composer makes of it, without its streams.
 */
export function composeEmail(
  message: OutboundMessage,
  sender: Sender,
  messageIdDomain: string,
  date: Date,
  identity: EmailIdentity | null = null,
): string {
  const id = identity ? `<${identity.messageIdLeft}@${messageIdDomain}>` : messageId(message.key, messageIdDomain);
  const { encoding, content } = encodeBody(message.body);
  return [
    addressHeader('From', sender.name, sender.address),
    addressHeader('To', '', message.to),
    textHeader('Subject', message.subject.replace(/\s+/g, ' ').trim()),
    dateHeader(date),
    textHeader('Message-ID', id),
    textHeader('X-Campaign-Message', message.key),
    identity ? identityHeaders(identity) : '',
    encoding ? `Content-Transfer-Encoding: ${encoding}\r\n` : '',
    'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n',
    content,
  ].join('');
}
