import PostalMime, { type Email } from 'postal-mime';
import { htmlToText } from './html-text.js';

/** One part of a report that machines read: a delivery status, a feedback report, or what is left of the original. */
export interface ReportPart {
  /** Such as `message/delivery-status`. */
  readonly type: string;
  readonly text: string;
}

/** A mail as far as it matters here: nothing of it is trusted. */
export interface InboundMail {
  /** The values of a header, first to last; empty where it is absent. */
  header(name: string): readonly string[];
  /** The address of the author; empty where there is none. */
  readonly from: string;
  readonly subject: string;
  /** The body as plain text, also where the mail has HTML alone. */
  readonly text: string;
  readonly reports: readonly ReportPart[];
}

const MAX_NESTING = 50;
const MAX_HEADER_BYTES = 262_144;
const MAX_REPORT_PARTS = 20;
const MAX_REPORT_BYTES = 65_536;

/** The parser's time goes by lines and parts: a megabyte of empty lines would take it seconds. */
const MAX_LINES = 50_000;
const MAX_DASHED_LINES = 2000;
const MAX_BODY_CHARACTERS = 200_000;

const REPORT_TYPES: ReadonlySet<string> = new Set([
  'message/delivery-status',
  'message/global-delivery-status',
  'message/feedback-report',
  'message/rfc822',
  'message/global',
  'message/global-headers',
  'message/rfc822-headers',
  'text/rfc822-headers',
]);

/**
 * Reads a mail; null where it cannot be read: nested deeper than fifty levels, with more than 256 KiB of headers, or of
 * more lines or parts than people's mails have. Never throws. The caller bounds the size.
 */
export async function parseMail(raw: Uint8Array): Promise<InboundMail | null> {
  if (isExcessive(raw)) return null;
  try {
    const email = await PostalMime.parse(raw, {
      forceRfc822Attachments: true,
      maxNestingDepth: MAX_NESTING,
      maxHeadersSize: MAX_HEADER_BYTES,
    });
    return toMail(email);
  } catch {
    return null;
  }
}

function isExcessive(raw: Uint8Array): boolean {
  let [lines, dashed] = [0, 0];
  for (let at = raw.indexOf(10); at >= 0; at = raw.indexOf(10, at + 1)) {
    lines += 1;
    if (raw[at + 1] === 45 && raw[at + 2] === 45) dashed += 1;
    if (lines > MAX_LINES || dashed > MAX_DASHED_LINES) return true;
  }
  return false;
}

function toMail(email: Email): InboundMail {
  const headers = new Map<string, string[]>();
  for (const { key, value } of email.headers) headers.set(key, [...(headers.get(key) ?? []), value]);
  return {
    header: (name) => headers.get(name) ?? [],
    from: email.from?.address ?? '',
    subject: email.subject ?? '',
    text: bodyOf(email),
    reports: email.attachments
      .filter(({ mimeType }) => REPORT_TYPES.has(mimeType))
      .slice(0, MAX_REPORT_PARTS)
      .map(({ mimeType, content }) => ({ type: mimeType, text: beginningOf(content) })),
  };
}

function bodyOf({ text = '', html = '' }: Email): string {
  return text.trim() === '' && html !== '' ? htmlToText(html) : text.slice(0, MAX_BODY_CHARACTERS);
}

function beginningOf(content: Email['attachments'][number]['content']): string {
  if (typeof content === 'string') return content.slice(0, MAX_REPORT_BYTES);
  return new TextDecoder().decode(new Uint8Array(content).subarray(0, MAX_REPORT_BYTES));
}
