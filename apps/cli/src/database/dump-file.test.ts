import { PassThrough } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { readDump, writeDump } from './dump-file.js';

async function* lines(): AsyncGenerator<string> {
  yield* ['one\n', 'two\n'];
}

const terminal = () => Object.assign(new PassThrough(), { isTTY: true });

describe('a dump', () => {
  it('goes to standard output and comes from standard input as from a file', async () => {
    const pipe = new PassThrough();
    expect(await writeDump('-', lines(), pipe)).toBe(2);
    const zipped = pipe.read() as Buffer;
    expect(gunzipSync(zipped).toString()).toBe('one\ntwo\n');

    const back: string[] = [];
    for await (const line of readDump('-', new PassThrough().end(zipped))) back.push(line);
    expect(back).toEqual(['one', 'two']);
  });

  it('goes to no terminal, and comes from none', async () => {
    const output = terminal();
    await expect(writeDump('-', lines(), output)).rejects.toThrow('This is not for a terminal.');
    expect(output.read()).toBeNull();
    await expect(readDump('-', terminal()).next()).rejects.toThrow('This does not come from a terminal.');
  });

  it.each([
    ['', 'Standard input is empty.'],
    ['no gzip', 'Standard input cannot be read: Z_DATA_ERROR.'],
  ])('is not taken from %j', async (text, message) => {
    await expect(readDump('-', new PassThrough().end(text)).next()).rejects.toThrow(message);
  });

  it('that breaks off at its reader is a failure', async () => {
    const output = new PassThrough();
    output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }));
    await expect(writeDump('-', lines(), output)).rejects.toThrow();
  });
});
