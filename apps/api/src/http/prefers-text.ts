/** Whether an Accept header asks for text/plain rather than for JSON (RFC 9110, section 12.5.1); JSON wins a draw. */
export function prefersText(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const ranges = accept.split(',').map(readRange);
  return qualityOf('text/plain', ranges) > qualityOf('application/json', ranges);
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
