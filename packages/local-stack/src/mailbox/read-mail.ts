import { simpleParser } from 'mailparser';
import type { ReceivedMail } from './received-mail.js';

export type MailContent = Pick<ReceivedMail, 'messageId' | 'subject' | 'text' | 'headers'>;

/**
 * Reads a mail's headers and text. Most mails are one plain text and are read at once; everything else (several parts,
 * encoded words, foreign character sets) goes to mailparser, which is far slower.
 */
export async function readMail(raw: Buffer): Promise<MailContent> {
  return readPlainMail(raw) ?? (await readAnyMail(raw));
}

/** Undefined where the mail is more than one plain text in UTF-8 with headers that need no decoding. */
export function readPlainMail(raw: Buffer): MailContent | undefined {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.subarray(0, end < 0 ? raw.length : end).toString('utf8');
  if (head.includes('=?')) return undefined;
  const headers = headersOf(head.split(/\r\n(?![ \t])/));
  const type = headers['content-type'] ?? 'text/plain';
  if (!/^text\/plain\s*(;\s*charset="?(utf-8|us-ascii)"?)?$/i.test(type)) return undefined;
  const body = end < 0 ? Buffer.alloc(0) : raw.subarray(end + 4);
  return {
    messageId: headers['message-id'] ?? '',
    subject: headers['subject'] ?? '',
    text: tidied(decoded(body, headers['content-transfer-encoding'] ?? '')),
    headers,
  };
}

export async function readAnyMail(raw: Buffer): Promise<MailContent> {
  const { messageId = '', subject = '', text = '', headerLines } = await simpleParser(raw, { skipTextToHtml: true });
  const headers = headersOf(headerLines.map(({ line }) => line));
  return { messageId, subject, text: tidied(text), headers: { ...headers, subject } };
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      if (colon < 1) return [];
      const value = line.slice(colon + 1).replace(/\r?\n(?=[ \t])/g, '');
      return [[line.slice(0, colon).toLowerCase(), value.trim()]];
    }),
  );
}

function tidied(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/\n+$/, '');
}

function decoded(body: Buffer, encoding: string): string {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body.toString('latin1'), 'base64').toString('utf8');
    case 'quoted-printable':
      return fromQuotedPrintable(body.toString('latin1'));
    default:
      return body.toString('utf8');
  }
}

function fromQuotedPrintable(text: string): string {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
