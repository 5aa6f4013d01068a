/** The text of a number as people write it: no exponent, no hexadecimal. */
const DECIMAL = /^\s*[+-]?\d+(?:\.\d+)?\s*$/;

/** Whether two values are equal. A number equals the text that writes it, since ratings often arrive as text. */
function equal(a: unknown, b: unknown): boolean {
  const numbers = bothNumbers(a, b);
  return numbers ? numbers[0] === numbers[1] : a === b;
}

/** Compares two numbers (or a number and the text of one), or two texts; anything else compares as false. */
function ordered(a: unknown, b: unknown, holds: (order: number) => boolean): boolean {
  const numbers = bothNumbers(a, b);
  if (numbers) return holds(orderOf(...numbers));
  return typeof a === 'string' && typeof b === 'string' && holds(orderOf(a, b));
}

/** NaN where neither is less, nor are they equal. */
function orderOf<T extends number | string>(a: T, b: T): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return a === b ? 0 : Number.NaN;
}

function bothNumbers(a: unknown, b: unknown): [number, number] | null {
  if (typeof a !== 'number' && typeof b !== 'number') return null;
  const x = toNumber(a);
  const y = toNumber(b);
  return x === null || y === null ? null : [x, y];
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : null;
}

/** Every comparison is false where a side is missing, `!=` included. */
export const COMPARISONS: Readonly<Record<string, (a: unknown, b: unknown) => boolean>> = {
  '==': (a, b) => present(a, b) && equal(a, b),
  '!=': (a, b) => present(a, b) && !equal(a, b),
  '<': (a, b) => ordered(a, b, (order) => order < 0),
  '<=': (a, b) => ordered(a, b, (order) => order <= 0),
  '>': (a, b) => ordered(a, b, (order) => order > 0),
  '>=': (a, b) => ordered(a, b, (order) => order >= 0),
  in: (a, b) => a !== undefined && Array.isArray(b) && b.some((member) => equal(a, member)),
};

function present(a: unknown, b: unknown): boolean {
  return a !== undefined && b !== undefined;
}
