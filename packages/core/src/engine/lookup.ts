/**
 * Walks a path by own properties of plain objects and arrays (`tags.0`, `tags.length`). Anything else is undefined: a
 * missing step, what a prototype offers, the inside of a class's instance, a function. An empty path is the value itself.
 */
export function lookup(variables: unknown, path: readonly string[]): unknown {
  let value = variables;
  for (const name of path) {
    if (!owns(value, name)) return undefined;
    value = value[name];
  }
  return typeof value === 'function' ? undefined : value;
}

/** Whether the value is a plain object or an array that has `name` as a property of its own. */
export function owns(value: unknown, name: string): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) && isPlain(value);
}

/** Arrays too. Plain objects of another realm (a worker, a frame) count, so `Object.prototype` is known by being the last. */
export function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
