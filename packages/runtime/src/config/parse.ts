import { Ajv } from 'ajv';
import { maskCredentials } from '../credentials.js';
import { allowedValues } from './allowed.js';
import { oneHostEach } from './one-host-each.js';
import type { Variable } from './variable.js';

/** A value as `Config` holds it, or one line that says what is wrong with it. */
export type Parsed = { readonly value: unknown } | { readonly fault: string };

type Read = { readonly value: unknown } | { readonly wrong: string | null };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const MAX_SHOWN_CHARACTERS = 80;
const WRONG: Read = { wrong: null };

/** Reads one variable. Empty text counts as unset, as it does in Compose files; then the default holds. */
export function parseVariable(variable: Variable, raw: string | undefined): Parsed {
  const text = raw?.trim() ?? '';
  if (text === '') return { value: defaultOf(variable) };
  const read = readText(variable, text);
  if ('value' in read) return read;
  const shown = variable.secret ? '(its value is not shown)' : `is ${quote(text)}`;
  const detail = read.wrong === null || variable.secret ? '' : ` (${read.wrong})`;
  return { fault: `${variable.name} ${shown}, but must be ${allowedValues(variable)}${detail}.` };
}

function defaultOf(variable: Variable): unknown {
  if (variable.kind === 'json') return JSON.parse(variable.default);
  if (variable.kind === 'integer' || variable.kind === 'number') {
    return variable.default === undefined ? undefined : variable.default * (variable.times ?? 1);
  }
  return variable.default;
}

function readText(variable: Variable, text: string): Read {
  switch (variable.kind) {
    case 'integer':
    case 'number':
      return readNumber(variable, text);
    case 'boolean':
      return readBoolean(text);
    case 'enum':
      return readEnum(variable.values, variable.aliases ?? {}, text);
    case 'string':
      return isAllowed(variable, text) ? { value: text } : WRONG;
    case 'list': {
      const items = text.split(',').map((item) => item.trim());
      const wrong = items.find((item) => item !== '' && !variable.pattern.test(item));
      return wrong === undefined ? { value: items.filter((item) => item !== '') } : { wrong: `not ${quote(wrong)}` };
    }
    case 'url':
      return isUrl(text, variable.schemes) ? { value: text } : WRONG;
    case 'json':
      return readJson(variable.schema, text);
  }
}

function isAllowed({ pattern, except, maxCharacters }: Extract<Variable, { kind: 'string' }>, text: string): boolean {
  const tooLong = maxCharacters !== undefined && text.length > maxCharacters;
  return pattern.test(text) && !except?.test(text) && !tooLong;
}

function readNumber(variable: Extract<Variable, { kind: 'integer' | 'number' }>, text: string): Read {
  if (!NUMBER.test(text)) return WRONG;
  const number = Number(text);
  const tooSmall = 'above' in variable ? number <= variable.above : number < variable.min;
  if (tooSmall || number > variable.max) return WRONG;
  if (variable.kind === 'integer' && !Number.isInteger(number)) return WRONG;
  return { value: variable.times === undefined ? number : Math.round(number * variable.times) };
}

function readBoolean(text: string): Read {
  if (/^(?:true|1|yes)$/i.test(text)) return { value: true };
  if (/^(?:false|0|no)$/i.test(text)) return { value: false };
  return WRONG;
}

function readEnum(values: readonly string[], aliases: { readonly [spelling: string]: string }, text: string): Read {
  const same = (candidate: string) => candidate.toLowerCase() === text.toLowerCase();
  const value = values.find(same) ?? Object.entries(aliases).find(([spelling]) => same(spelling))?.[1];
  return value === undefined ? WRONG : { value };
}

/** Several hosts in one URI are beyond `new URL`: those of MongoDB are checked by its driver, those of Redis one by one. */
function isUrl(text: string, schemes: readonly string[]): boolean {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:[^\s/?#]*@)?[^\s/?#@]+(?:[/?#]\S*)?$/i.exec(text);
  if (!match?.[1] || !schemes.includes(match[1].toLowerCase())) return false;
  if (schemes.includes('mongodb')) return true;
  return schemes.includes('redis') ? oneHostEach(text).every(namesHost) : URL.canParse(text);
}

function namesHost(url: string): boolean {
  return URL.canParse(url) && new URL(url).hostname !== '';
}

function readJson(schema: object, text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { wrong: 'it is not JSON' };
  }
  const validate = new Ajv().compile(schema);
  if (validate(value)) return { value };
  const [error] = validate.errors ?? [];
  return { wrong: error ? `${error.instancePath || 'the whole'} ${error.message}` : null };
}

/** On one line, cut, and without credentials. */
function quote(text: string): string {
  const shown = maskCredentials(text);
  return JSON.stringify(shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}...` : shown);
}
