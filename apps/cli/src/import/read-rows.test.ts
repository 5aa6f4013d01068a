import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../cli-error.js';
import { type Row, readCsv, readNdjson } from './read-rows.js';
import { audienceOf, RECIPIENTS, type Target } from './targets.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(text: string): Promise<string> {
  const path = join(folder, 'rows');
  await writeFile(path, text);
  return path;
}

async function all(rows: AsyncIterable<Row>): Promise<Row[]> {
  const found: Row[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

async function csv(text: string, target: Target = RECIPIENTS, delimiter = ','): Promise<Row[]> {
  return all(readCsv(await file(text), { ...target, delimiter }));
}

describe('readCsv', () => {
  it('makes a recipient of each row, at the line on which the row begins', async () => {
    const text = '\uFEFF_id,first_name,consent.email\r\na,"Ada, of\nLondon",true\r\n\r\nb,,FALSE\n';
    expect(await csv(text)).toEqual([
      { line: 2, document: { _id: 'a', first_name: 'Ada, of\nLondon', consent: { email: true } } },
      { line: 5, document: { _id: 'b', consent: { email: false } } },
    ]);
  });

  it("makes a member's context of every other column", async () => {
    expect(await csv('recipient_id;ticket.id;context.size\na;T-1;5\nb;;\n', audienceOf('c'), ';')).toEqual([
      { line: 2, document: { recipient_id: 'a', context: { 'ticket.id': 'T-1', size: '5' } } },
      { line: 3, document: { recipient_id: 'b' } },
    ]);
  });

  it('refuses a row with other cells than the first has', async () => {
    expect(await csv('_id,x\na,1,2\n')).toEqual([{ line: 2, fault: expect.stringContaining('found 3') }]);
  });

  it.each([
    ['no column for the id', 'id,first_name\na,Ada\n', /there is no column `_id`/],
    ['a column twice', '_id,x,x\n', /`x` stands there twice/],
    ['nothing', '', /is empty/],
    ['an open quote', '_id,x\na,1\nb,"open\n', /:3: this is not valid CSV from here on/],
  ])('stops at %s', async (_what, text, message) => {
    await expect(csv(text)).rejects.toThrow(message);
  });
});

describe('readNdjson', () => {
  it('makes a document of each line and names those that are none', async () => {
    expect(await all(readNdjson(await file('{"_id":"a"}\r\n\n{"_id":\n"b"')))).toEqual([
      { line: 1, document: { _id: 'a' } },
      { line: 3, fault: 'The line is not valid JSON.' },
      { line: 4, document: 'b' },
    ]);
  });

  it('stops at a line that is too long to be held', async () => {
    await expect(all(readNdjson(await file('x'.repeat(3_000_000))))).rejects.toThrow(CliError);
  });
});
