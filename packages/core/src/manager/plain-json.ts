import { isPlain } from '../engine/lookup.js';
import { jsonPath, MAX_DEPTH, type Path } from '../schemas/index.js';

/** Why a value would not survive JSON, with the place, or null where it would. Members that are undefined count as absent. */
export function notPlainJson(value: unknown, path: Path): string | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : `${jsonPath(path)} is ${value}`;
    case 'object':
      return value === null ? null : insideOf(value, path);
    default:
      return `${jsonPath(path)} is of type ${typeof value}`;
  }
}

function insideOf(value: object, path: Path): string | null {
  if (path.length > MAX_DEPTH) return `${jsonPath(path)} nests more than ${MAX_DEPTH} levels deep`;
  if (!isPlain(value)) return `${jsonPath(path)} is no plain object`;
  for (const [step, member] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const found = member === undefined ? null : notPlainJson(member, [...path, step]);
    if (found !== null) return found;
  }
  return null;
}
