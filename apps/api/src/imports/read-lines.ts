/** A line of a stream, counted from 1; blank lines are counted and left out. */
export type Line =
  | { readonly kind: 'line'; readonly number: number; readonly text: string; readonly bytes: number }
  | { readonly kind: 'too-long'; readonly number: number };

const NEWLINE = 0x0a;

/** Splits a stream of bytes into lines. Never holds more than one line of `maxBytes`; longer ones are skipped. */
export async function* readLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line> {
  let number = 1;
  let bytes = 0;
  let pieces: Buffer[] = [];

  const add = (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxBytes) pieces = [];
    else pieces.push(piece);
  };
  const finish = (): Line | null => {
    const line = toLine(number, bytes, pieces, maxBytes);
    number += 1;
    bytes = 0;
    pieces = [];
    return line;
  };

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      const line = finish();
      if (line) yield line;
    }
    add(chunk.subarray(start));
  }
  const last = finish();
  if (last) yield last;
}

function toLine(number: number, bytes: number, pieces: readonly Buffer[], maxBytes: number): Line | null {
  if (bytes > maxBytes) return { kind: 'too-long', number };
  const text = Buffer.concat(pieces).toString('utf8').trim(); // also of a byte order mark
  return text === '' ? null : { kind: 'line', number, text, bytes };
}
