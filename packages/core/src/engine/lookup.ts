import type { Variables } from './types.js';

/**
 * Walks a path by own properties only; anything else (prototypes, functions, a missing step) is undefined.
 * Arrays are walked by index.
 */
export function lookup(variables: Variables, path: readonly string[]): unknown {
  let value: unknown = variables;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Variables)[name];
  }
  return typeof value === 'function' ? undefined : value;
}
