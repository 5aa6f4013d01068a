import { CONVERSATION_ID_PATTERN, ID_PATTERN, PHONE_PATTERN } from './ids.js';

/** The part of JSON Schema that these schemas use for single values. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly properties?: { readonly [name: string]: SchemaNode };
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly uniqueItems?: boolean;
}

const PATTERNS: ReadonlyMap<string, string> = new Map([
  [ID_PATTERN, '1 to 128 letters, digits or _ . : @ + -'],
  [CONVERSATION_ID_PATTERN, "a campaign's id and a recipient's id joined by one /"],
  [PHONE_PATTERN, 'a phone number such as +4930123456'],
]);

const FORMATS: ReadonlyMap<string, string> = new Map([
  ['date-time', 'a date and time with its zone, such as 2026-01-31T09:00:00Z'],
  ['email', 'an email address'],
]);

/** What a schema allows, in words that fit after "expected": "a whole number from 0 to 1000". */
export function describeSchema(schema: SchemaNode): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return `one of ${schema.enum.map(String).join(', ')}`;
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms) return forms.map(describeSchema).join(' or ');
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return types.map((type) => describeType(type, schema)).join(' or ') || 'another value';
}

function describeType(type: string, schema: SchemaNode): string {
  switch (type) {
    case 'number':
      return `a number${range(schema.minimum, schema.maximum)}`;
    case 'integer':
      return `a whole number${range(schema.minimum, schema.maximum)}`;
    case 'string':
      return describeString(schema);
    case 'array':
      return `a list${range(schema.minItems, schema.maxItems, 'item')}${schema.uniqueItems ? ' without duplicates' : ''}`;
    case 'object':
      return `an object${range(schema.minProperties, schema.maxProperties, 'member')}`;
    case 'boolean':
      return 'true or false';
    default:
      return type;
  }
}

function describeString(schema: SchemaNode): string {
  if (schema.pattern !== undefined) return PATTERNS.get(schema.pattern) ?? `a string that matches ${schema.pattern}`;
  const size = range(schema.minLength, schema.maxLength, 'character');
  if (schema.format !== undefined) return (FORMATS.get(schema.format) ?? `a ${schema.format}`) + size;
  return `a string${size}`;
}

function range(min: number | undefined, max: number | undefined, unit?: string): string {
  const counted = (n: number) => (unit === undefined ? `${n}` : `${n} ${unit}${n === 1 ? '' : 's'}`);
  if (min !== undefined && max !== undefined) {
    return unit === undefined ? ` from ${min} to ${max}` : ` of ${min} to ${counted(max)}`;
  }
  if (min !== undefined) return ` of at least ${counted(min)}`;
  if (max !== undefined) return ` of at most ${counted(max)}`;
  return '';
}
