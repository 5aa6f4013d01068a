import { MASK } from './credentials.js';

const SHORT = 6;
const MIN_LINE = 12;

export type MaskText = (text: string) => string;

/**
 * Masks the given values wherever a text has them: as they are, escaped as in JSON, encoded as in URLs, and single lines
 * of longer values. Letter case does not count. Values below 6 characters only as whole words, single characters not.
 */
export function maskLiterals(values: Iterable<string>): MaskText {
  const variants = new Set([...values].flatMap(variantsOf));
  if (variants.size === 0) return (text) => text;
  const patterns = [...variants].sort((a, b) => b.length - a.length).map(patternOf);
  const pattern = new RegExp(patterns.join('|'), 'giu');
  return (text) => text.replace(pattern, MASK);
}

function variantsOf(value: string): string[] {
  const whole = value.trim();
  const lines = whole.split('\n').map((line) => line.trim());
  return [whole, ...lines.filter((line) => line.length >= MIN_LINE)]
    .filter((text) => text.length > 1 && text !== MASK)
    .flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encoded(text)]);
}

function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD'));
}

function patternOf(text: string): string {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return text.length < SHORT ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
}
