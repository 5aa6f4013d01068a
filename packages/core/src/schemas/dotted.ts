import { createFault, type Validated } from './fault.js';
import { createFaultList, type FaultList } from './fault-list.js';
import { jsonPath, type Path } from './json-path.js';
import { MAX_DEPTH, unsafeKey } from './safe-keys.js';

/** A context after its dotted keys became nested objects: `{"company": {"product_name": ...}}`. */
export type ExpandedContext = { readonly [name: string]: unknown };

/** Names that templates and conditions see beside the context, which must not hide them (design, section 4). */
export const RESERVED_ROOTS = ['recipient', 'response', 'campaign', 'conversation'] as const;

const RESERVED: ReadonlySet<string> = new Set(RESERVED_ROOTS);

/** A nested object under construction. `origin` is where the given context first names it. */
interface Branch {
  readonly origin: Path;
  readonly members: Map<string, Branch | Leaf>;
}

interface Leaf {
  readonly origin: Path;
  readonly value: unknown;
}

/**
 * Expands dotted keys into nested objects, at any depth, and leaves the given object alone:
 * `{"company.product_name": "x"}` gives `{company: {product_name: "x"}}`. Objects that do not touch each other are
 * merged. Two keys that give the same value, or a value and an object, are a fault that names both; so are empty
 * segments, unsafe keys, more than 32 levels, and top-level names that are reserved for the system.
 * `path` is where the context stands in its document; faults begin with it.
 */
export function expandDotted(context: object, path: Path = ['context_data']): Validated<ExpandedContext> {
  const faults = createFaultList();
  const root = spread(context, createBranch(path), { path, level: 1, faults });
  const found = faults.all();
  return found.length > 0 ? { ok: false, faults: found } : { ok: true, value: build(root) };
}

interface Cursor {
  readonly path: Path;
  /** Levels of the expanded context down to here; the context itself is the first. */
  readonly level: number;
  readonly faults: FaultList;
}

/** Places every member of `source` under `branch`. */
function spread(source: object, branch: Branch, cursor: Cursor): Branch {
  for (const key of Object.keys(source)) {
    const origin = [...cursor.path, key];
    const segments = key.split('.');
    const problem = problemOf(key, segments, cursor.level);
    if (problem !== null) {
      cursor.faults.add(() => createFault(origin, problem, { found: key }));
      continue;
    }
    const value: unknown = (source as { readonly [key: string]: unknown })[key];
    place(value, branch, segments, { ...cursor, path: origin, level: cursor.level + segments.length });
  }
  return branch;
}

function problemOf(key: string, segments: readonly string[], level: number): string | null {
  const unsafe = unsafeKey(key);
  if (unsafe !== null) return `This key is refused: ${unsafe}.`;
  if (segments.includes('')) return 'This key has an empty segment: expected names joined by single dots.';
  if (level + segments.length - 1 > MAX_DEPTH) {
    return `This key nests too deeply: expected at most ${MAX_DEPTH} levels of objects and lists.`;
  }
  const [first = ''] = segments;
  if (level === 1 && RESERVED.has(first)) {
    return `The name \`${first}\` is reserved: templates see the system's own \`${first}\` under it.`;
  }
  return null;
}

function place(value: unknown, branch: Branch, segments: readonly string[], cursor: Cursor): void {
  let parent = branch;
  for (const segment of segments.slice(0, -1)) {
    const next = branchAt(parent, segment, cursor);
    if (next === null) return;
    parent = next;
  }
  const name = segments.at(-1) ?? '';
  if (isObject(value)) {
    if (tooDeep(cursor)) return;
    const next = branchAt(parent, name, cursor);
    if (next !== null) spread(value, next, cursor);
    return;
  }
  const other = parent.members.get(name);
  if (other !== undefined) clash(other, cursor);
  else parent.members.set(name, { origin: cursor.path, value: expandItems(value, cursor) });
}

/** The branch of that name, made where there is none; null, with a fault, where a value stands in its way. */
function branchAt(parent: Branch, name: string, cursor: Cursor): Branch | null {
  const there = parent.members.get(name);
  if (there === undefined) {
    const made = createBranch(cursor.path);
    parent.members.set(name, made);
    return made;
  }
  if ('members' in there) return there;
  clash(there, cursor);
  return null;
}

/** Lists are values as a whole; the objects in them are expanded each for itself. */
function expandItems(value: unknown, cursor: Cursor): unknown {
  if (!Array.isArray(value) || tooDeep(cursor)) return value;
  return value.map((item: unknown, index) => {
    const inside = { ...cursor, path: [...cursor.path, index], level: cursor.level + 1 };
    if (!isObject(item)) return expandItems(item, inside);
    return tooDeep(inside) ? item : build(spread(item, createBranch(inside.path), inside));
  });
}

function tooDeep({ level, path, faults }: Cursor): boolean {
  if (level <= MAX_DEPTH) return false;
  const expected = `at most ${MAX_DEPTH} levels of objects and lists`;
  faults.add(() => createFault(path, `The context nests too deeply: expected ${expected}.`, { expected }));
  return true;
}

function clash(other: Branch | Leaf, { path, faults }: Cursor): void {
  faults.add(() => {
    const both = `\`${jsonPath(other.origin)}\` and \`${jsonPath(path)}\``;
    return createFault(
      path,
      `The keys ${both} collide: they name the same variable, or one names a part of the other.`,
    );
  });
}

function createBranch(origin: Path): Branch {
  return { origin, members: new Map() };
}

/** Assignment is safe: names with a meaning of their own in the prototype chain were refused before. */
function build(branch: Branch): ExpandedContext {
  const object: { [name: string]: unknown } = {};
  for (const [name, member] of branch.members) object[name] = 'members' in member ? build(member) : member.value;
  return object;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
