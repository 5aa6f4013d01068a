import { createHash } from 'node:crypto';
import addressparser from 'nodemailer/lib/addressparser';
import MimeNode from 'nodemailer/lib/mime-node';
import type { OutboundMessage } from './channel.js';
import { ChannelConfigError } from './channel-config-error.js';
import { isPlainAddress } from './email-address.js';
import { type EmailIdentity, identityHeaders } from './email-identity.js';

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
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 32)}@${domain}>`;
}

/**
 * The mail as bytes: plain text, nothing fetched from files or URLs, one address on each side. Without an identity its
 * id is a hash of its key, and answers go to the sender.
 */
export function composeEmail(
  message: OutboundMessage,
  sender: Sender,
  messageIdDomain: string,
  date: Date,
  identity: EmailIdentity | null = null,
): Promise<Buffer> {
  const id = identity ? `<${identity.messageIdLeft}@${messageIdDomain}>` : messageId(message.key, messageIdDomain);
  const mail = new MimeNode('text/plain; charset=utf-8', { disableFileAccess: true, disableUrlAccess: true })
    .setHeader('From', { name: sender.name, address: sender.address })
    .setHeader('To', { name: '', address: message.to })
    .setHeader('Subject', message.subject.replace(/\s+/g, ' ').trim())
    .setHeader('Date', date)
    .setHeader('Message-ID', id)
    .setHeader('X-Campaign-Message', message.key);
  for (const [name, value] of identity ? identityHeaders(identity) : []) mail.setHeader(name, value);
  return mail.setContent(message.body).build();
}
