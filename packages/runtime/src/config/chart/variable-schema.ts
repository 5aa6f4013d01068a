import toRegexRange from 'to-regex-range';
import { allowedValues } from '../allowed.js';
import type { Variable } from '../variable.js';
import { numberText } from './number-text.js';
import { anyCase, portableBody } from './portable-pattern.js';

/** A JSON Schema, draft 7, which every Helm 3 reads. */
export type Schema = { readonly [keyword: string]: unknown };

const IN_SECRET = 'in the Secret that existingSecret names, not here';
const NO_CREDENTIALS = `without user and password here: a URL with them belongs ${IN_SECRET.replace(', not here', '')}`;

const PORTS = toRegexRange(0, 65_535, { capture: false });

/**
 * What the chart accepts under `config` for a variable: what `loadConfig` accepts, as text or as YAML's own numbers and
 * booleans. Secrets and URLs with credentials are refused, because a ConfigMap is no place for them. What is refused is
 * answered with the same words as by the apps.
 */
export function variableSchema(variable: Variable): Schema {
  const { description } = variable;
  if (variable.secret && variable.kind !== 'url') return { description, ...refusal(IN_SECRET) };
  const check: Schema = { if: { anyOf: accepted(variable) }, else: refusal(allowedHere(variable)) };
  return { description, ...(variable.kind === 'url' ? unlessCredentials(check) : check) };
}

function unlessCredentials(check: Schema): Schema {
  const credentials: Schema = { type: 'string', pattern: '^[^/?#]*//[^/?#]*@' };
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  return { if: credentials, then: refusal(NO_CREDENTIALS), else: check };
}

/** Accepts nothing, and says why in the only words of a validator's message that are ours: those of the constant. */
function refusal(words: string): Schema {
  return { const: words, not: { const: words } };
}

/** JSON is written as YAML in values. */
function allowedHere(variable: Variable): string {
  return variable.kind === 'json'
    ? allowedValues(variable).replace('a JSON object', 'a mapping')
    : allowedValues(variable);
}

function accepted(variable: Variable): Schema[] {
  switch (variable.kind) {
    case 'integer':
      return [{ type: 'integer', minimum: variable.min, maximum: variable.max }, text(numberText(variable))];
    case 'number': {
      const lower = 'above' in variable ? { exclusiveMinimum: variable.above } : { minimum: variable.min };
      return [{ type: 'number', ...lower, maximum: variable.max }, text(numberText(variable))];
    }
    case 'boolean':
      return [{ enum: [true, false, 0, 1] }, text(anyCase('true|1|yes|false|0|no'))];
    case 'enum':
      return [text(anyCase([...variable.values, ...Object.keys(variable.aliases ?? {})].join('|')))];
    case 'string': {
      const { pattern, except, maxCharacters } = variable;
      return [
        {
          ...text(portableBody(pattern)),
          ...(except && { not: { pattern: `^\\s*(?:${portableBody(except)})\\s*$` } }),
          ...(maxCharacters !== undefined && { maxLength: maxCharacters }),
        },
      ];
    }
    case 'list': {
      const item = `\\s*(?:${portableBody(variable.pattern)})?\\s*`;
      return [text(`${item}(?:,${item})*`)];
    }
    case 'url':
      return [text(urlText(variable.schemes))];
    case 'json':
      return [text(''), variable.schema];
  }
}

/** Text that is `body`, with spaces around it, or nothing: an empty value counts as not set. */
function text(body: string): Schema {
  return { type: 'string', pattern: `^\\s*(?:${body})?\\s*$` };
}

const HOST = `(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::(?:${PORTS})?)?`;

/** A URL without credentials. */
function urlText(schemes: readonly string[]): string {
  const scheme = schemes.map((name) => anyCase(name.replaceAll('+', '\\+'))).join('|');
  return `(?:${scheme})://${hostsText(schemes)}(?:[/?#]\\S*)?`;
}

/** MongoDB's and Redis's may name several hosts; those of MongoDB are checked by its driver. */
function hostsText(schemes: readonly string[]): string {
  if (schemes.includes('mongodb')) return '[^\\s/?#@]+';
  return schemes.includes('redis') ? `${HOST}(?:,${HOST})*` : HOST;
}
