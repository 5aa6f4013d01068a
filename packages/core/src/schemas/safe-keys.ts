import { createFault, type Fault } from './fault.js';
import { createFaultList, type FaultList } from './fault-list.js';
import type { Path } from './json-path.js';

/** Objects and lists within each other, below the fields of the document itself. */
export const MAX_DEPTH = 32;

/**
 * Values of one document at most: two and a half times the longest list of recipients. With it, what a validator
 * that looks for all errors can cost is bounded as well.
 */
export const MAX_VALUES = 250_000;

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor']);

/**
 * Why a key can do harm in a prototype chain, in a query or in BSON, or null where it cannot. Dotted keys become
 * nested objects, so each of their segments is looked at (design, section 3).
 */
export function unsafeKey(key: string): string | null {
  if (key.includes('\0')) return 'a key must not contain a NUL character';
  return key.includes('.') ? (key.split('.').map(unsafeSegment).find(Boolean) ?? null) : unsafeSegment(key);
}

function unsafeSegment(segment: string): string | null {
  if (segment.startsWith('$')) return 'a key must not begin with $';
  return FORBIDDEN.has(segment) ? `the key \`${segment}\` is reserved by JavaScript` : null;
}

/** Faults for unsafe keys anywhere in a document, for nesting beyond 32 levels, and for too many values. */
export function unsafeKeys(document: unknown): readonly Fault[] {
  const faults = createFaultList();
  const budget = { values: MAX_VALUES };
  walk(document, [], faults, budget);
  if (budget.values >= 0) return faults.all();
  const expected = `a document of at most ${MAX_VALUES} values`;
  return [createFault([], `Expected ${expected}, but this one has more.`, { expected })];
}

function walk(value: unknown, path: Path, faults: FaultList, budget: { values: number }): void {
  if (typeof value !== 'object' || value === null) return;
  if (path.length > MAX_DEPTH) {
    const expected = `at most ${MAX_DEPTH} levels of objects and lists`;
    faults.add(() => createFault(path, `The document nests too deeply: expected ${expected}.`, { expected }));
    return;
  }
  if (Array.isArray(value)) {
    budget.values -= value.length;
    if (budget.values < 0) return;
    for (const [index, item] of value.entries()) {
      if (typeof item === 'object') walk(item, [...path, index], faults, budget);
    }
    return;
  }
  // Object.keys and not `in`: JSON.parse makes `__proto__` an own member that hides nothing.
  const keys = Object.keys(value);
  budget.values -= keys.length;
  if (budget.values < 0) return;
  for (const key of keys) {
    const reason = unsafeKey(key);
    if (reason !== null) {
      faults.add(() => createFault([...path, key], `This key is refused: ${reason}.`, { found: key }));
      continue;
    }
    const member: unknown = (value as { readonly [key: string]: unknown })[key];
    if (typeof member === 'object') walk(member, [...path, key], faults, budget);
  }
}
