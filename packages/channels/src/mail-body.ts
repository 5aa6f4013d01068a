import { encode as encodeBase64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import MimeNode from 'nodemailer/lib/mime-node';
import { encode as encodeQuotedPrintable, wrap as wrapQuotedPrintable } from 'nodemailer/lib/qp';

/** A text as it stands in a mail: ASCII, and what brings it back (RFC 2045, section 6). */
export interface MailBody {
  /** Null: there is no text. */
  readonly encoding: '7bit' | 'quoted-printable' | 'base64' | null;
  readonly content: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_PLAIN = /[\0-\x08\x0b\x0c\x0e-\x1f\x80-\uffff]/;
const MAX_LINE = 76;
const LONG_LINE = /^.{77}/m;
/** The library takes it that a longer text has long lines. */
const MAX_PLAIN_CHARACTERS = 128 * 1024;

/** Text of short ASCII lines stands for itself. Which encoding suits another one best is the library's choice. */
export function encodeBody(text: string): MailBody {
  if (text === '') return { encoding: null, content: '' };
  const isPlain = !NOT_PLAIN.test(text);
  if (isPlain && text.length <= MAX_PLAIN_CHARACTERS && hasShortLines(text)) {
    return { encoding: '7bit', content: withLineEnd(text) };
  }
  if (!isPlain && librarysChoice(text) === 'base64') {
    return { encoding: 'base64', content: withLineEnd(wrapBase64(encodeBase64(text))) };
  }
  const content = withLineEnd(wrapQuotedPrintable(encodeQuotedPrintable(text)));
  return { encoding: 'quoted-printable', content };
}

/** Dear: it makes a whole part of a mail. */
function librarysChoice(text: string): string | false {
  return new MimeNode('text/plain; charset=utf-8').setContent(text).getTransferEncoding();
}

/** Whoever finds a long one looks again, since a line may end in other ways as well. */
function hasShortLines(text: string): boolean {
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    if (end - start > MAX_LINE) return !LONG_LINE.test(text);
    start = end + 1;
  }
  return text.length - start <= MAX_LINE || !LONG_LINE.test(text);
}

function withLineEnd(text: string): string {
  if (text.endsWith('\n')) return text;
  return text.endsWith('\r') ? `${text}\n` : `${text}\r\n`;
}
