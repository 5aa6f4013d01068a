import { type Line, readLines } from './read-lines.js';

async function linesOf(chunks: readonly (string | Buffer)[], maxBytes = 100): Promise<Line[]> {
  async function* stream() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const lines: Line[] = [];
  for await (const line of readLines(stream(), maxBytes)) lines.push(line);
  return lines;
}

const texts = (lines: readonly Line[]) =>
  lines.map((line) => `${line.number}:${line.kind === 'line' ? line.text : line.kind}`);

describe('readLines', () => {
  it.each<[string, (string | Buffer)[], string[]]>([
    ['nothing', [], []],
    ['a last line without a break', ['a\nb'], ['1:a', '2:b']],
    ['a last line with a break', ['a\nb\n'], ['1:a', '2:b']],
    ['a line in several chunks', ['a', 'b', 'c\nd'], ['1:abc', '2:d']],
    ['breaks of other systems, blank lines, a byte order mark', ['\uFEFFa\r\n\r\n \nb\r\n'], ['1:a', '4:b']],
    ['a letter cut in two', [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)], ['1:ü']],
    ['a line beyond the limit', ['x'.repeat(60), 'x'.repeat(60), '\nb'], ['1:too-long', '2:b']],
    ['a line of exactly the limit', ['x'.repeat(100), '\n'], [`1:${'x'.repeat(100)}`]],
  ])('splits %s', async (_, chunks, expected) => {
    expect(texts(await linesOf(chunks))).toEqual(expected);
  });
});
