/** What a response holds (`text` of its schema). */
const MAX_CHARACTERS = 100_000;
/** How far the line reaches that says who wrote what follows: mail programs break it. */
const MAX_ATTRIBUTION_LINES = 4;
const MAX_ATTRIBUTION_CHARACTERS = 500;
/** The lines of a block such as `From:`, `Sent:`, `To:`, `Subject:`. */
const HEADER_BLOCK_LINES = 6;

/** `On Tue, 24 Nov 2026 at 10:00, Sales <sales@example.com> wrote:`, in the languages that are met most. */
const ATTRIBUTION_START = /^(?:on|am|le|el|il|em|op|den|dne|w dniu|vào|в)\s/i;
const ATTRIBUTION_END =
  /(?:\bwrote|\bschrieb(?:\s[^:]{1,200})?|a écrit|escribió|ha scritto|escreveu|\bskrev|\bschreef(?:\s[^:]{1,200})?|napisał\S{0,3}|napsal\S{0,3}|пишет|написал\S{0,2})\s?:$/i;
/** Two digits: a day with its month, a year or a time of the day. */
const HAS_DATE = /\d.*\d/;

const SEPARATOR =
  /^\s*-{2,}\s*(?:original (?:message|appointment)|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|forwarded message|weitergeleitete nachricht)\s*-{2,}\s*$/i;
const RULE = /^\s*_{10,}\s*$/;

const FROM_LINE = /^\*?(?:from|von|de|da|van|fra|från|od)\s?:\*?\s/i;
const OTHER_LINE =
  /^\*?(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|fecha|para|asunto|inviato|data|a|oggetto|verzonden|aan|onderwerp)\s?:\*?\s/i;

/** RFC 3676, section 4.3; the space at its end gets lost on the way. */
const SIGNATURE = /^--\s?$/;
const SENT_FROM =
  /^(?:sent from my |sent from (?:mail|outlook|yahoo)|get outlook for |gesendet von |von meinem .{1,40} gesendet|envoyé de(?:puis)? mon |enviado desde mi |inviato da |verzonden vanaf mijn )/i;

/**
 * What the author wrote, without the mail that it answers and without a signature: quoted lines go wherever they stand,
 * so that answers between them stay; whatever follows the head of an unmarked quotation goes as a whole. Pure; takes
 * time in proportion to the text.
 */
export function ownText(text: string): string {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ')
    .replace(/[\u200b\ufeff]/g, '')
    .split('\n');
  const own: string[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const line = (lines[i] ?? '').trimEnd();
    if (SIGNATURE.test(line) || SEPARATOR.test(line) || isHeaderBlock(lines, i)) break;
    const attribution = attributionLines(lines, i);
    if (attribution > 0) {
      if (!isQuoted(nextWritten(lines, i + attribution))) break;
      i += attribution - 1;
    } else if (!isQuoted(line) && !SENT_FROM.test(line)) own.push(line);
  }
  return own
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, MAX_CHARACTERS);
}

function isQuoted(line: string): boolean {
  return /^\s{0,3}>/.test(line);
}

/** How many lines from here say who wrote what follows; 0: none. */
function attributionLines(lines: readonly string[], at: number): number {
  let joined = '';
  for (let count = 1; count <= MAX_ATTRIBUTION_LINES; count += 1) {
    const line = (lines[at + count - 1] ?? '').trim();
    if (line === '' || isQuoted(line)) return 0;
    joined = joined === '' ? line : `${joined} ${line}`;
    if (joined.length > MAX_ATTRIBUTION_CHARACTERS || !ATTRIBUTION_START.test(joined)) return 0;
    if (ATTRIBUTION_END.test(joined) && HAS_DATE.test(joined)) return count;
  }
  return 0;
}

/** Outlook's way: a rule perhaps, then who sent it, and at least two of when, to whom and about what. */
function isHeaderBlock(lines: readonly string[], at: number): boolean {
  const from = RULE.test(lines[at] ?? '') ? at + 1 : at;
  if (!FROM_LINE.test(lines[from] ?? '')) return false;
  const next = lines.slice(from + 1, from + HEADER_BLOCK_LINES);
  return next.filter((line) => OTHER_LINE.test(line)).length >= 2;
}

function nextWritten(lines: readonly string[], at: number): string {
  for (const line of lines.slice(at, at + MAX_ATTRIBUTION_LINES)) if (line.trim() !== '') return line;
  return '';
}
