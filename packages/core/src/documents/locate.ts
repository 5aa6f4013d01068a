import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

type Place = 'key' | 'value';

/**
 * Where things stand in a JSON or YAML text, by the positions of its nodes. What is missing stands where the object
 * begins that should hold it. The text is parsed at the first question: most documents have no faults.
 */
export function locator(text: string): (path: readonly (string | number)[], place: Place) => Position {
  const lines = new LineCounter();
  let document: Document | undefined;
  return (path, place) => {
    document ??= parseDocument(text, { lineCounter: lines });
    return positionOf(lines, offsetOf(document, path, place));
  };
}

export function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function offsetOf(document: Document, path: readonly (string | number)[], place: Place): number {
  let node = document.contents as Node | null;
  let offset = startOf(node, 0);
  for (const [index, step] of path.entries()) {
    const found = child(isAlias(node) ? (node.resolve(document) ?? null) : node, step);
    if (!found) break;
    const isLast = index === path.length - 1;
    offset = isLast && place === 'key' ? startOf(found.key, offset) : startOf(found.value, startOf(found.key, offset));
    node = found.value;
  }
  return offset;
}

interface Child {
  readonly key: Node | null;
  readonly value: Node | null;
}

function child(node: Node | null, step: string | number): Child | null {
  if (isSeq(node)) {
    const value = (node.items[Number(step)] ?? null) as Node | null;
    return value && { key: value, value };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair ? { key: pair.key as Node, value: pair.value as Node | null } : null;
}

function startOf(node: Node | null, otherwise: number): number {
  return node?.range?.[0] ?? otherwise;
}
