/** What a plain-text reply says to the rules of a campaign. */
export interface Meaning {
  readonly intent?: string;
  readonly data?: { readonly [field: string]: string | number };
}

const MAX_FIELDS = 50;
const MAX_VALUE_CHARACTERS = 1000;
const MAX_DIGITS = 15;

const FIELD = /^([a-z][a-z0-9_]{0,63}):[ \t]*(\S.*)$/i;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** Names that rules use for the reply itself, and names that JavaScript reserves. */
const RESERVED: ReadonlySet<string> = new Set(['intent', 'text', 'constructor', 'prototype']);

/**
 * Reads a reply by the convention of `docs/replies.md`: the first line is the intent where it is one of `intents`, with
 * spaces and punctuation in place of `_` and in whatever case; lines `Name: value` are fields of its data, by their names in
 * lower case, numbers as numbers. Pure.
 */
export function meaningOf(ownText: string, intents: readonly string[]): Meaning {
  const lines = ownText.split('\n').map((line) => line.trim());
  const first = asIntent(lines.find((line) => line !== '') ?? '');
  const intent = first === '' ? undefined : intents.find((known) => asIntent(known) === first);
  const fields = lines.flatMap((line) => fieldIn(line) ?? []).slice(0, MAX_FIELDS);
  return {
    ...(intent !== undefined && { intent }),
    ...(fields.length > 0 && { data: Object.fromEntries(fields) }),
  };
}

function asIntent(line: string): string {
  return line
    .slice(0, MAX_VALUE_CHARACTERS)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join('_');
}

function fieldIn(line: string): [[name: string, value: string | number]] | null {
  const [, name, value] = FIELD.exec(line) ?? [];
  if (name === undefined || value === undefined || value.startsWith('//')) return null;
  const field = name.toLowerCase();
  return RESERVED.has(field) ? null : [[field, readValue(value)]];
}

function readValue(text: string): string | number {
  return text.length <= MAX_DIGITS && NUMBER.test(text) ? Number(text) : text.slice(0, MAX_VALUE_CHARACTERS);
}
