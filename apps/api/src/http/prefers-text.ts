/** Whether an Accept header asks for text/plain rather than for JSON. */
export function prefersText(accept: string | undefined): boolean {
  return preferred(accept, ['text/plain']) !== null;
}

/**
 * Which of these types an Accept header asks for rather than for JSON (RFC 9110, section 12.5.1): the first of the best,
 * or null where JSON is as good.
 */
export function preferred<T extends string>(accept: string | undefined, types: readonly T[]): T | null {
  if (accept === undefined) return null;
  const ranges = accept.split(',').map(readRange);
  let best: T | null = null;
  let quality = qualityOf('application/json', ranges);
  for (const type of types) {
    if (qualityOf(type, ranges) <= quality) continue;
    best = type;
    quality = qualityOf(type, ranges);
  }
  return best;
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, quality: given === undefined ? 1 : Number(given) || 0 };
}

/** The most specific range that covers the type counts. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const covering = [type, `${type.split('/')[0]}/*`, '*/*'];
  for (const candidate of covering) {
    const range = ranges.find((each) => each.type === candidate);
    if (range) return range.quality;
  }
  return 0;
}
