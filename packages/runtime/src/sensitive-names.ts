import { MASK } from './credentials.js';

/** What `SENSITIVE_FIELDS` means for keys and for texts. */
export interface SensitiveNames {
  /** Whether the values under this key are masked. Case, `_` and `-` do not count; dotted keys count by each part. */
  has(key: string): boolean;
  /** Whether a text mentions one of the names, so that it needs a closer look. */
  mentionedIn(text: string): boolean;
  /** Values that a text gives to one of the names: `"email": "x"`, `email=x`, `email: x`. */
  valuesIn(text: string): string[];
  maskPairs(text: string): string;
}

/**
 * Reads the entries. The last name of an entry stands for itself: `recipient.email` covers every `email`, because a
 * recipient may lie under any key, or under none.
 */
export function sensitiveNames(entries: readonly string[]): SensitiveNames {
  const names = new Set(entries.map((entry) => normal(entry.split('.').at(-1) ?? entry)));
  if (names.size === 0) return { has: () => false, mentionedIn: () => false, valuesIn: () => [], maskPairs: (t) => t };
  const anyName = [...names].map(spellings).join('|');
  const mention = new RegExp(anyName, 'iu');
  const pair = new RegExp(`(?<![\\p{L}\\p{N}])((?:${anyName})(?:\\\\*["'])?\\]?\\s*[:=]\\s*)(${VALUE})`, 'giu');
  return {
    has: (key) => names.has(normal(key)) || key.split(/[.[\]:/]/).some((part) => names.has(normal(part))),
    mentionedIn: (text) => mention.test(text),
    valuesIn: (text) =>
      [...text.matchAll(pair)].flatMap(([, , value = '']) => (OPEN.test(value) ? [] : unquote(value))),
    maskPairs: (text) => text.replace(pair, (_all, name: string, value: string) => name + maskQuoted(value)),
  };
}

/**
 * A quoted text; an object, a list or an escaped quote that could not be read as JSON, to the end of the text; else what
 * stands before the next `name=`, `&` or line. It rather takes too much than too little.
 */
const VALUE = [
  '"(?:[^"\\\\]|\\\\.)*"?',
  "'(?:[^'\\\\]|\\\\.)*'?",
  '`(?:[^`\\\\]|\\\\.)*`?',
  '(?:\\\\+"|\\{|\\[(?!REDACTED\\]))[\\s\\S]*',
  '[^\\n&"\'`{\\s][^\\n&]*?(?=\\s[\\w.-]+=|[&\\n]|$)',
].join('|');

/** Such a value goes to the end of the text, so it would not be found anywhere else. */
const OPEN = /^[\\{[]/;

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

function spellings(name: string): string {
  return [...name].map((letter) => letter.replace(/[^\p{L}\p{N}]/u, '\\$&')).join('[_-]*');
}

function unquote(value: string): string {
  return value.replace(/^["'`]|["'`]$/g, '');
}

function maskQuoted(value: string): string {
  const quote = /^["'`]/.exec(value)?.[0] ?? '';
  return quote + MASK + quote;
}
