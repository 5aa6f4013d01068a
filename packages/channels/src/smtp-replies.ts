/** One whole reply of the server: the code of its last line, and its lines joined by line feeds. */
export interface Reply {
  readonly kind: 'reply';
  readonly code: number;
  readonly text: string;
}

/** What the server says is no SMTP: whatever follows cannot be told apart any more. */
export interface Broken {
  readonly kind: 'broken';
  readonly reason: string;
}

/** Makes whole replies of whatever pieces they arrive in: several in one chunk, one in many, of several lines. */
export interface ReplyReader {
  push(chunk: Buffer): void;
  /** The next whole reply, or null where more must arrive first. */
  next(): Reply | Broken | null;
  /** What has arrived and belongs to no reply that was handed out, without the white space around it. */
  unread(): string;
}

/** A line has 512 octets at most (RFC 5321, section 4.5.3.1.5), and nobody explains himself at greater length. */
const MAX_REPLY_CHARACTERS = 16_384;
const ENDLESS: Broken = { kind: 'broken', reason: 'an endless reply' };
const LINE = /^\d{3}(?:[ -]|$)/;

/** Lines end with CRLF or, as some servers do it, with LF; empty ones between two replies are no replies. */
export function createReplyReader(): ReplyReader {
  let arrived = ''; // one character a byte, so that no character is torn in two
  let earlierLines = '';

  function takeLine(): string | null {
    const end = arrived.indexOf('\n');
    if (end < 0) return null;
    const line = arrived.slice(0, arrived[end - 1] === '\r' ? end - 1 : end);
    arrived = arrived.slice(end + 1);
    return line;
  }

  return {
    push(chunk) {
      arrived += chunk.toString('latin1');
    },
    next() {
      for (let line = takeLine(); line !== null; line = takeLine()) {
        if (line === '' && earlierLines === '') continue;
        if (!LINE.test(line)) return { kind: 'broken', reason: `not a reply of SMTP: ${line.slice(0, 100)}` };
        const text = earlierLines + line;
        if (text.length > MAX_REPLY_CHARACTERS) return ENDLESS;
        earlierLines = line[3] === '-' ? `${text}\n` : '';
        if (earlierLines === '') return { kind: 'reply', code: Number(line.slice(0, 3)), text: asText(text) };
      }
      return earlierLines.length + arrived.length > MAX_REPLY_CHARACTERS ? ENDLESS : null;
    },
    unread: () => asText((earlierLines + arrived).trim()),
  };
}

/** Nothing says which character set a reply is in (RFC 5321, section 4.2): UTF-8 where it can be, else byte by byte. */
function asText(bytes: string): string {
  if (/^\p{ASCII}*$/u.test(bytes)) return bytes;
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? bytes : text;
}
