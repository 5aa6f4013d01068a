import { MASK, maskCredentials } from './credentials.js';
import { embeddedJson } from './embedded-json.js';
import { type MaskText, maskLiterals } from './mask-literals.js';
import { maskEmails, maskPhones } from './mask-shapes.js';
import { sensitiveNames } from './sensitive-names.js';

export interface RedactOptions {
  /** Entries of SENSITIVE_FIELDS. */
  readonly fields: readonly string[];
  /** Texts that are masked wherever they stand, such as passwords of the configuration. */
  readonly secrets?: readonly string[];
}

/** Takes one log record as a line of JSON and gives it without anything sensitive, with its line end. Never throws. */
export type RedactLine = (line: string) => string;

/** What the logger itself writes at the top of a record stays readable, whatever was found in the rest. */
const OWN_MEMBERS: ReadonlyMap<string, RegExp> = new Map([
  ['level', /^[A-Z]{4,5}$/],
  ['time', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/],
]);
const MAX_DEPTH = 40;
const MIN_SECRET = 8;

/**
 * Works on the finished record, because only there stand bindings of child loggers, members, errors and the interpolated
 * message side by side (design, section 7, rule 7). Most records mention nothing sensitive, which one scan tells; the
 * others are read twice: what is sensitive in them is collected first, then masked wherever it appears.
 */
export function createRedactor({ fields, secrets = [] }: RedactOptions): RedactLine {
  const names = sensitiveNames(fields);
  const maskSecrets = maskLiterals(secrets.filter((secret) => secret.length >= MIN_SECRET));
  const emails = names.has('email');
  const phones = names.has('phone');

  function harmless(line: string): boolean {
    // A `\u` in JSON within a string may hide any letter.
    if (names.mentionedIn(line) || line.includes('://') || line.includes('\\u')) return false;
    if (emails && /@|%40/.test(line)) return false;
    if (phones && /\+|%2B/i.test(line)) return false;
    return maskSecrets(line) === line;
  }

  function collect(value: unknown, found: Set<string>, depth: number): void {
    if (depth > MAX_DEPTH) return;
    if (typeof value === 'string') {
      if (!names.mentionedIn(value) && !value.includes('\\u')) return;
      for (const text of names.valuesIn(value)) found.add(text);
      for (const piece of embeddedJson(value)) collect(piece.value, found, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        if (names.has(key)) addLeaves(member, found, depth);
        else collect(member, found, depth + 1);
      }
    }
  }

  function mask(value: unknown, maskFound: MaskText, depth: number): unknown {
    if (depth > MAX_DEPTH) return MASK;
    if (typeof value === 'string') return maskText(value, maskFound, depth);
    if (typeof value === 'number') return maskFound(`${value}`) === `${value}` ? value : MASK;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => mask(item, maskFound, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        if (depth === 0 && OWN_MEMBERS.get(key)?.test(String(member))) return [key, member];
        return names.has(key) ? [key, MASK] : [maskText(key, maskFound, depth), mask(member, maskFound, depth + 1)];
      }),
    );
  }

  /** Found values first: once a shape within one of them is masked, the rest of it would no longer be recognised. */
  function maskText(text: string, maskFound: MaskText, depth: number): string {
    let masked = maskSecrets(maskFound(text));
    if (names.mentionedIn(masked) || masked.includes('\\u'))
      masked = names.maskPairs(maskJson(masked, maskFound, depth));
    masked = maskCredentials(masked);
    if (emails) masked = maskEmails(masked);
    return phones ? maskPhones(masked) : masked;
  }

  function maskJson(text: string, maskFound: MaskText, depth: number): string {
    let masked = '';
    let at = 0;
    for (const { start, end, value } of embeddedJson(text)) {
      masked += text.slice(at, start) + JSON.stringify(mask(value, maskFound, depth + 1));
      at = end;
    }
    return masked + text.slice(at);
  }

  return (line) => {
    try {
      if (harmless(line)) return line;
      const record: unknown = JSON.parse(line);
      const found = new Set<string>();
      collect(record, found, 0);
      return `${JSON.stringify(mask(record, maskLiterals(found), 0))}\n`;
    } catch {
      return `${JSON.stringify({ level: 'ERROR', msg: 'A log record was left out: it could not be redacted' })}\n`;
    }
  };
}

function addLeaves(value: unknown, found: Set<string>, depth: number): void {
  if (typeof value === 'string' || typeof value === 'number') found.add(String(value));
  else if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
    for (const member of Object.values(value)) addLeaves(member, found, depth + 1);
  }
}
