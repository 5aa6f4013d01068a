import { MASK } from './credentials.js';

const SHORT = 6;
const LONG = 100;
const MIN_LINE = 12;

export type MaskText = (text: string) => string;

/**
 * Masks the given values wherever a text has them: as they are, escaped as in JSON, encoded as in URLs, and single lines
 * of longer values. Values below 6 characters only as whole words, single characters not. Letter case does not count,
 * except in values above 100 characters, which would make slow patterns.
 */
export function maskLiterals(values: Iterable<string>): MaskText {
  const variants = [...new Set([...values].flatMap(variantsOf))].sort((a, b) => b.length - a.length);
  if (variants.length === 0) return (text) => text;
  const long = variants.filter((variant) => variant.length > LONG);
  const patterns = variants.slice(long.length).map(patternOf);
  const pattern = patterns.length > 0 ? new RegExp(patterns.join('|'), 'giu') : undefined;
  return (text) => {
    const masked = long.reduce((rest, variant) => rest.replaceAll(variant, MASK), text);
    return pattern ? masked.replace(pattern, MASK) : masked;
  };
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
