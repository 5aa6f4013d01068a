import toRegexRange from 'to-regex-range';
import type { Variable } from '../variable.js';

type Numeric = Extract<Variable, { kind: 'integer' | 'number' }>;

/**
 * The source of a regular expression that numbers within a variable's bounds match, written as text in plain decimals
 * (`200`, `1.0`, `0.25`), not with an exponent. JSON Schema has no other way to bound text, and values of a ConfigMap
 * are text.
 * @throws Error for a bound that is neither a whole number nor a power of ten below one.
 */
export function numberText(variable: Numeric): string {
  if (variable.kind === 'integer') return `\\+?0*(?:${range(variable.min, variable.max)})(?:\\.0*)?`;
  const whole = Math.max(1, 'above' in variable ? 1 : Math.ceil(variable.min));
  const parts = [`0*${variable.max}(?:\\.0*)?`, ...belowOne(variable)];
  if (variable.max > whole) parts.push(`0*(?:${range(whole, variable.max - 1)})(?:\\.\\d*)?`);
  return `\\+?(?:${parts.join('|')})`;
}

/** Fractions, with or without a zero before the point; none where the bound is 1 or more. */
function belowOne(variable: Exclude<Numeric, { kind: 'integer' }>): string[] {
  if ('above' in variable) {
    if (variable.above === 0) return ['0*\\.\\d*[1-9]\\d*'];
  } else {
    if (variable.min === 0) return ['0+(?:\\.\\d*)?', '\\.\\d+'];
    if (Number.isInteger(variable.min)) return [];
    const digits = -Math.log10(variable.min);
    if (Number.isInteger(digits)) return [`0*\\.\\d{0,${digits - 1}}[1-9]\\d*`];
  }
  throw new Error(
    `${variable.name} has a lower bound that numberText cannot express: teach it, or choose 0.1, 0.01 ...`,
  );
}

function range(min: number, max: number): string {
  return toRegexRange(min, max, { capture: false });
}
