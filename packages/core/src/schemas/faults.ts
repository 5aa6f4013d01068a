import type { ErrorObject } from 'ajv/dist/2020.js';
import { didYouMean } from './did-you-mean.js';
import { describeSchema, type SchemaNode } from './expected.js';
import { createFault, type Fault } from './fault.js';
import { createFaultList } from './fault-list.js';
import type { Path } from './json-path.js';
import { shorten } from './shorten.js';

/** Keywords that only repeat that something inside them failed. */
const ECHOES: ReadonlySet<string> = new Set(['if', 'propertyNames']);
const FORKS: ReadonlySet<string> = new Set(['anyOf', 'oneOf']);
const SIZES: ReadonlyMap<string, string> = new Map([
  ['minLength', 'characters'],
  ['maxLength', 'characters'],
  ['minItems', 'items'],
  ['maxItems', 'items'],
  ['minProperties', 'members'],
  ['maxProperties', 'members'],
]);

/**
 * Turns the errors of a validator (compiled with `verbose`) into faults, one per place: a fault tells all that the
 * schema expects there, so that further errors of the same place say nothing new.
 */
export function faultsOf(errors: readonly ErrorObject[], document: unknown): readonly Fault[] {
  const faults = createFaultList();
  const places = new Set<string>();
  for (const error of withoutEchoes(errors)) {
    // No key of a document that got this far has a NUL (safe-keys), so the joint is unambiguous.
    const place = `${error.instancePath}\0${memberOf(error) ?? ''}`;
    if (places.has(place)) continue;
    places.add(place);
    faults.add(() => toFault(error, document));
  }
  return faults.all();
}

function withoutEchoes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const forks = new Set(errors.filter((error) => FORKS.has(error.keyword)).map((error) => `${error.schemaPath}/`));
  const inFork = (error: ErrorObject) => [...forks].some((fork) => error.schemaPath.startsWith(fork));
  return errors.filter((error) => !ECHOES.has(error.keyword) && !(forks.size > 0 && inFork(error)));
}

/** The member of the object at `instancePath` that the error is really about, if it is about one. */
function memberOf(error: ErrorObject): string | undefined {
  if (error.propertyName !== undefined) return error.propertyName;
  const { missingProperty, additionalProperty, unevaluatedProperty } = error.params;
  return missingProperty ?? additionalProperty ?? unevaluatedProperty;
}

function toFault(error: ErrorObject, document: unknown): Fault {
  const schema = (error.parentSchema ?? {}) as SchemaNode;
  const parent = pathOf(error.instancePath, document);
  const name = memberOf(error);
  if (name === undefined) return valueFault(parent, error, schema);
  const path = [...parent, name];
  if (error.propertyName !== undefined) return nameFault(path, name, schema);
  return error.keyword === 'required' ? missingFault(path, name, schema) : unknownFault(path, name, error, schema);
}

function valueFault(path: Path, error: ErrorObject, schema: SchemaNode): Fault {
  const found: unknown = error.data;
  const expected = describeSchema(schema);
  const hint = schema.enum && typeof found === 'string' ? didYouMean(found, schema.enum.map(String)) : undefined;
  return createFault(path, `Expected ${expected}, but found ${sizeOf(error) ?? shorten(found)}.`, {
    found,
    expected,
    hint,
  });
}

function sizeOf(error: ErrorObject): string | undefined {
  const unit = SIZES.get(error.keyword);
  if (unit === undefined) return undefined;
  const data: unknown = error.data;
  if (typeof data === 'string') return `${[...data].length} ${unit}`;
  return `${Object.keys(data ?? {}).length} ${unit}`;
}

function nameFault(path: Path, name: string, schema: SchemaNode): Fault {
  const expected = `a name of ${describeSchema({ type: 'string', ...schema })}`;
  return createFault(path, `Expected ${expected}, but found ${shorten(name)}.`, { found: name, expected });
}

function missingFault(path: Path, name: string, schema: SchemaNode): Fault {
  const expected = describeSchema(schema.properties?.[name] ?? {});
  return createFault(path, `The required field \`${name}\` is missing; expected ${expected}.`, { expected });
}

function unknownFault(path: Path, name: string, error: ErrorObject, schema: SchemaNode): Fault {
  const known = Object.keys(schema.properties ?? {});
  const data: unknown = error.data;
  return createFault(path, `The field ${shorten(name)} is not known here.`, {
    found: (data as { readonly [name: string]: unknown })[name],
    expected: known.length === 0 ? 'no fields' : `only the fields ${known.join(', ')}`,
    hint: didYouMean(name, known),
  });
}

/** A JSON Pointer (RFC 6901) does not tell an index from a name of digits; the document does. */
function pathOf(pointer: string, document: unknown): Path {
  let value: unknown = document;
  return pointer
    .split('/')
    .slice(1)
    .map((token) => {
      const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(name) : name;
      value = (value as { readonly [step: string | number]: unknown } | null | undefined)?.[step];
      return step;
    });
}
