import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ProcessLineError, type RunningProcess, startProcess } from '../src/process.js';

const fixture = (name: string) => join(__dirname, 'fixtures', name);

const stray: RunningProcess[] = [];

afterEach(() => Promise.all(stray.splice(0).map((running) => running.stop(0))));

const start = (name: string) => {
  const running = startProcess({ label: name, file: fixture(name) });
  stray.push(running);
  return running;
};

/** A zombie has ended; that nobody collects it is not our affair. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

describe('startProcess', () => {
  it('keeps the lines of both outputs and finds those that came before the question', async () => {
    const running = start('stubborn.mjs');

    expect(await running.waitForLine(/listen/)).toBe('listening');
    expect(await running.waitForLine(/^listening$/)).toBe('listening');
    expect(running.lines()).toEqual(['listening']);
    running.kill('SIGINT');
    expect(await running.exited).toEqual({ code: 0, signal: null });
  });

  it('asks with SIGTERM first and ends by force what does not listen', async () => {
    const running = start('stubborn.mjs');
    await running.waitForLine(/listening/);

    expect(await running.stop(300)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(running.lines()).toEqual(['listening', 'not yet']);
    expect(await running.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('fails with the last lines when the process ends without the line, or takes too long', async () => {
    const running = start('stubborn.mjs');
    await running.waitForLine(/listening/);

    await expect(running.waitForLine(/never/, 50)).rejects.toThrow(/50 ms are over[\s\S]*listening/);
    const ended = running.waitForLine(/never/);
    running.kill('SIGKILL');
    await expect(ended).rejects.toThrow(ProcessLineError);
    await expect(ended).rejects.toThrow('it ended with SIGKILL');
  });

  it('does not leave a child behind when its parent is killed', async () => {
    const parent = start('parent.mjs');
    const line = await parent.waitForLine(/^child \d+$/);
    const pid = Number(line.split(' ')[1]);
    expect(isAlive(pid)).toBe(true);

    parent.kill('SIGKILL');

    const giveUpAt = performance.now() + 10_000;
    while (isAlive(pid) && performance.now() < giveUpAt) await delay(20);
    expect(isAlive(pid)).toBe(false);
  });
});
