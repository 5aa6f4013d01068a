import { checkRecipient } from '@campaign-manager/core/schemas';
import { ndjsonBody } from './ndjson-body.js';
import type { Row } from './read-rows.js';

async function* from(rows: readonly Row[]) {
  yield* rows;
}

async function bodyOf(rows: readonly Row[]) {
  const refused: string[] = [];
  let counted = 0;
  const body = ndjsonBody(from(rows), checkRecipient, {
    refused: (line, [fault]) => refused.push(`${line} ${fault?.path}`),
    progress: (count) => {
      counted = count;
    },
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return { text: Buffer.concat(pieces).toString(), refused, counted, pieces: pieces.length };
}

describe('ndjsonBody', () => {
  it('keeps every row on the line of its file, and leaves the lines of refused rows blank', async () => {
    const { text, refused, counted } = await bodyOf([
      { line: 2, document: { _id: 'a' } },
      { line: 3, document: { _id: 'not an id' } },
      { line: 4, fault: 'no JSON' },
      { line: 7, document: { _id: 'b' } },
    ]);
    expect(text.split('\n')).toEqual(['', '{"_id":"a"}', '', '', '', '', '{"_id":"b"}']);
    expect(refused).toEqual(['3 $._id', '4 $']);
    expect(counted).toBe(4);
  });

  it('hands on in pieces', async () => {
    const note = 'x'.repeat(1000);
    const { text, pieces } = await bodyOf(
      Array.from({ length: 500 }, (_, index) => ({ line: index + 1, document: { _id: `r${index}`, note } })),
    );
    expect(pieces).toBeGreaterThan(5);
    expect(text.split('\n').map((line) => JSON.parse(line)._id)).toEqual(
      Array.from({ length: 500 }, (_, i) => `r${i}`),
    );
  });
});
