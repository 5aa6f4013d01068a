const MAX_DEPTH = 20;
const MAX_VALUES = 10_000;

interface Walk {
  /** The objects on the way from the root, to notice cycles. */
  readonly above: Set<object>;
  left: number;
}

/**
 * Turns anything into what JSON can hold, so that nothing reaches a log in a form that redaction does not see: errors
 * with their causes and extra members, Maps and Sets, dates and everything else with `toJSON`, binary data as its size.
 * Cycles, more than 20 levels and more than 10,000 values are cut with a note. Never throws.
 */
export function toPlain(value: unknown): unknown {
  return visit(value, { above: new Set(), left: MAX_VALUES });
}

function visit(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'function':
    case 'symbol':
    case 'undefined':
      return undefined;
    case 'object':
      return value === null ? null : visitObject(value, walk);
    default:
      return value;
  }
}

function visitObject(value: object, walk: Walk): unknown {
  if (walk.above.has(value)) return '[cycle]';
  if (walk.above.size >= MAX_DEPTH) return '[deeper levels left out]';
  if (walk.left <= 0) return '[more values left out]';
  walk.left -= 1;
  walk.above.add(value);
  try {
    return convert(value, walk);
  } catch (error) {
    return `[unreadable: ${error instanceof Error ? error.name : typeof error}]`;
  } finally {
    walk.above.delete(value);
  }
}

function convert(value: object, walk: Walk): unknown {
  if (value instanceof Error) return fromError(value, walk);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return members([...value], walk);
  if (value instanceof Set) return [...value].map((item) => element(item, walk));
  if (Array.isArray(value)) return value.map((item) => element(item, walk));
  if ('toJSON' in value && typeof value.toJSON === 'function') return visit(value.toJSON(), walk);
  return members(ownMembers(value), walk);
}

function fromError(error: Error, walk: Walk): unknown {
  const { name, message, stack, cause } = error;
  const nested = 'errors' in error ? [['errors', error.errors] as const] : [];
  const own = ownMembers(error).filter(([key]) => key !== 'name' && key !== 'cause' && key !== 'errors');
  const known = [
    ['type', name],
    ['message', message],
    ['stack', stack],
    ['cause', cause],
  ] as const;
  return members([...known, ...nested, ...own], walk);
}

function ownMembers(value: object): [string, unknown][] {
  return Object.keys(value).map((key) => {
    try {
      return [key, (value as { readonly [key: string]: unknown })[key]];
    } catch {
      return [key, '[unreadable]'];
    }
  });
}

/** `Object.fromEntries` defines members, so a key such as `__proto__` is data like any other. */
function members(entries: readonly (readonly [unknown, unknown])[], walk: Walk): object {
  const plain = entries.map(([key, member]) => [keyText(key, walk), visit(member, walk)] as const);
  return Object.fromEntries(plain.filter(([, member]) => member !== undefined));
}

function keyText(key: unknown, walk: Walk): string {
  return typeof key === 'string' ? key : String(JSON.stringify(visit(key, walk)));
}

function element(item: unknown, walk: Walk): unknown {
  return visit(item, walk) ?? null;
}
