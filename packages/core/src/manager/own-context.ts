import type { Variables } from '../engine/types.js';
import { expandDotted } from '../schemas/index.js';
import { notPlainJson } from './plain-json.js';

/** A conversation is one document, so what custom logic adds to it is bounded. */
const MAX_CHARACTERS = 100_000;

export type OwnContext =
  | { readonly ok: true; readonly context: Variables }
  | { readonly ok: false; readonly reason: string };

/**
 * What a conversation must keep so that its context over the campaign's is the one that custom logic returned. What the
 * campaign says already is left out, so a variable of the campaign can be given another value, but not be removed.
 */
export function ownContext(returned: unknown, campaign: Variables): OwnContext {
  if (typeof returned !== 'object' || returned === null || Array.isArray(returned)) {
    return { ok: false, reason: 'the context is no object' };
  }
  const strange = notPlainJson(returned, ['context']);
  if (strange !== null) return { ok: false, reason: strange };
  // JSON drops members that are undefined, and copies: what the module does to its object later changes nothing here.
  const expanded = expandDotted(JSON.parse(JSON.stringify(returned)), ['context']);
  if (!expanded.ok) return { ok: false, reason: expanded.faults.map(({ message }) => message).join(' ') };
  const context = without(expanded.value, campaign);
  const { length } = JSON.stringify(context);
  if (length <= MAX_CHARACTERS) return { ok: true, context };
  return { ok: false, reason: `the context has ${length} characters as JSON, more than ${MAX_CHARACTERS}` };
}

/** Whether two values of JSON are the same; the order of members does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    left.length === right.size && left.every(([name, value]) => right.has(name) && sameJson(value, right.get(name)))
  );
}

function without(value: Variables, base: Variables): Variables {
  const own: { [name: string]: unknown } = {};
  for (const [name, member] of Object.entries(value)) {
    const below = Object.hasOwn(base, name) ? base[name] : undefined;
    if (sameJson(member, below)) continue;
    own[name] = isObject(member) && isObject(below) ? without(member, below) : member;
  }
  return own;
}

function isObject(value: unknown): value is Variables {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
