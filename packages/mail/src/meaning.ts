/** What a plain-text reply says to the rules of a campaign. */
export interface Meaning {
  readonly intent?: string;
  readonly data?: { readonly [field: string]: string | number };
}

/** What a template asks its recipients for. */
export interface ExpectedAnswers {
  readonly intents: readonly string[];
  /** The field that a number alone is meant for, and the scales that may stand behind it as in `4/5`; null: none. */
  readonly number: { readonly field: string; readonly scales: readonly number[] } | null;
}

const MAX_FIELDS = 50;
const MAX_VALUE_CHARACTERS = 1000;
const MAX_DIGITS = 15;

const FIELD = /^([a-z][a-z0-9_]{0,63}):[ \t]*(\S.*)$/i;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const NAME = /^[a-z]\w{0,63}$/i;
/** `5`, `4/5`, `4 out of 5`; then nothing, full stops, or words without a digit behind a dash, a comma or `!`. */
const NUMBER_ALONE =
  /^(\d{1,15}(?:\.\d{1,15})?)(?:\s*(?:\/|out of|of)\s*(\d{1,15}))?(?:[.!]*|\s*[-\u2013\u2014]\s\D*|[,!]\s\D*)$/i;

/** Names that rules use for the reply itself, and names that JavaScript reserves. */
const RESERVED: ReadonlySet<string> = new Set(['intent', 'text', 'constructor', 'prototype']);

/**
 * Reads a reply by the convention of `docs/replies.md`: the first line is the intent where it is one of `intents`, with
 * spaces and punctuation in place of `_` and in whatever case; lines `Name: value` are fields of its data, by their names in
 * lower case, numbers as numbers. Where the first line is no intent but one number alone, that is the field `number`, unless
 * a line names it. Pure.
 */
export function meaningOf(ownText: string, { intents, number }: ExpectedAnswers): Meaning {
  const lines = ownText.split('\n').map((line) => line.trim());
  const firstLine = lines.find((line) => line !== '') ?? '';
  const first = asIntent(firstLine);
  const intent = first === '' ? undefined : intents.find((known) => asIntent(known) === first);
  const named = lines.flatMap((line) => fieldIn(line) ?? []).slice(0, MAX_FIELDS);
  const fields = intent === undefined ? [...numberIn(firstLine, number), ...named].slice(0, MAX_FIELDS) : named;
  return {
    ...(intent !== undefined && { intent }),
    ...(fields.length > 0 && { data: Object.fromEntries(fields) }),
  };
}

function numberIn(line: string, asked: ExpectedAnswers['number']): [name: string, value: number][] {
  if (!asked || !NAME.test(asked.field) || RESERVED.has(asked.field)) return [];
  const [, value, scale] = NUMBER_ALONE.exec(line.slice(0, MAX_VALUE_CHARACTERS)) ?? [];
  if (value === undefined) return [];
  const fits = scale === undefined || (asked.scales.includes(Number(scale)) && Number(value) <= Number(scale));
  return fits ? [[asked.field, Number(value)]] : [];
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
