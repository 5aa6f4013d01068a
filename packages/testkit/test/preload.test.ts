import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clockJumping, clockShifted, type StopPoint, stoppingAt } from '../src/preload.js';
import { startProcess } from '../src/process.js';
import { dropDatabase, testDatabaseName, testMongoUri } from '../src/services.js';
import { until } from '../src/until.js';

const HOUR_MS = 3_600_000;
const fixture = (name: string) => join(__dirname, 'fixtures', name);

function tellTime(env: Readonly<Record<string, string>>) {
  return startProcess({ label: 'clock', file: fixture('tell-time.mjs'), env });
}

/** How far a process's clock is off, in whole hours, by each way to ask for the time; and what must not change. */
function hours(line: string): unknown[] {
  const [now = 0, date = 0, seven, isDate] = JSON.parse(line) as number[];
  return [...[now, date].map((time) => Math.round((time - Date.now()) / HOUR_MS) + 0), seven, isDate];
}

it.each([1, -1])('a process with a shifted clock lives %i hours later', async (shift) => {
  const process = tellTime(clockShifted(shift * HOUR_MS));
  expect(hours(await process.waitForLine(/^\[/))).toEqual([shift, shift, 7, true]);
  await process.stop();
});

it('a clock jumps away at a signal, and back at the next', async () => {
  const process = tellTime(clockJumping(HOUR_MS));
  await process.waitForLine(/^\[/);
  for (const signals of [1, 2]) {
    process.kill('SIGUSR2');
    await until(() => process.lines().length > signals, { describe: 'it tells the time again' });
  }
  expect(process.lines().map((line) => hours(line)[0])).toEqual([0, 1, 0]);
  await process.stop();
});

describe('a stop point', () => {
  const database = testDatabaseName('stop_points');
  afterEach(() => dropDatabase(database));

  it.each<[StopPoint, string[]]>([
    ['claimed', []],
    ['before-gate', ['claimed']],
    ['after-gate', ['claimed']],
    ['accepted', ['claimed', 'gated']],
  ])('%s: the process stands still there once, and goes on when it is told to', async (point, before) => {
    const env = stoppingAt(point, /^c\/.*\/0$/);
    const process = startProcess({ label: point, file: fixture('deliver.mjs'), args: [testMongoUri(), database], env });
    await process.waitForLine(/^STOPPED at/);
    await until(async () => (await stateOf(process.pid)) === 'T', { describe: 'the process is stopped' });
    expect(process.lines().filter((line) => !line.startsWith('STOPPED'))).toEqual(before);

    process.kill('SIGCONT');
    await process.waitForLine(/^recorded/);
    expect(process.lines().filter((line) => line.startsWith('STOPPED'))).toEqual([
      `STOPPED at ${point} of c/p/s/1/0/0`,
    ]);
    expect(await process.exited).toMatchObject({ code: 0 });
  });
});

/** The state of a process as the kernel has it. */
async function stateOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2)[0];
}
