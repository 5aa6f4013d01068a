import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '@campaign-manager/testkit';

const MAIN = join(__dirname, 'chaos', 'dist', 'main.js');

interface Report {
  readonly ok: boolean;
  readonly results: readonly {
    readonly fault: string;
    readonly times: number;
    readonly expected: number;
    readonly duplicates: number;
    readonly lost: number;
    readonly unknown: number;
    readonly complaints: readonly string[];
  }[];
}

describe('the fault suite', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chaos-smoke-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('finds nothing lost and nothing repeated in its smoke profile', async () => {
    const json = join(folder, 'report.json');
    const suite = startProcess({ label: 'chaos', file: MAIN, args: ['--profile', 'smoke', '--json', json] });
    const { code } = await suite.exited;

    const { ok, results } = JSON.parse(await readFile(json, 'utf8')) as Report;
    expect(results.flatMap(({ fault, complaints }) => complaints.map((complaint) => `${fault}: ${complaint}`))).toEqual(
      [],
    );
    expect(results.map(({ duplicates, lost }) => ({ duplicates, lost }))).toEqual(
      results.map(() => ({ duplicates: 0, lost: 0 })),
    );
    for (const { times, expected } of results) {
      expect(times).toBeGreaterThan(0);
      expect(expected).toBeGreaterThan(0);
    }
    expect([ok, code]).toEqual([true, 0]);
  }, 240_000);

  it('finds that the buttons of the board at /queues do no harm, whichever are pressed', async () => {
    const json = join(folder, 'board.json');
    const args = ['--profile', 'quick', '--only', 'board', '--json', json];
    const { code } = await startProcess({ label: 'chaos', file: MAIN, args }).exited;

    const { results } = JSON.parse(await readFile(json, 'utf8')) as Report;
    expect(results).toEqual([expect.objectContaining({ duplicates: 0, lost: 0, unknown: 0, complaints: [] })]);
    expect(results[0]?.times).toBeGreaterThan(0);
    expect(code).toBe(0);
  }, 240_000);

  it('says what it takes where it is asked for something else', async () => {
    const suite = startProcess({ label: 'chaos', file: MAIN, args: ['--profile', 'huge'] });

    expect((await suite.exited).code).toBe(64);
    expect(suite.lines()).toEqual(["chaos: --profile is one of smoke, quick, full; found 'huge'"]);
  });
});
