import { EventEmitter, once } from 'node:events';
import { loadConfig } from './config/load-config.js';
import { createLogger } from './logger.js';
import { onShutdown, type ShutdownStep } from './shutdown.js';

function appWith(steps: readonly ShutdownStep[], timeoutMs = 10_000) {
  const lines: { msg: string; step?: string; duration_ms?: number }[] = [];
  const logger = createLogger(loadConfig({}), {
    app: 'tester',
    stream: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const exits: number[] = [];
  const target = Object.assign(new EventEmitter(), {
    exit(code: number) {
      exits.push(code);
      target.emit('exited');
    },
  });
  return { lines, exits, target, trigger: onShutdown({ logger, timeoutMs, steps }, target) };
}

const forever = () => new Promise<never>(() => undefined);

describe('onShutdown', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('runs the steps in order at %s and exits with 0', async (signal) => {
    const done: string[] = [];
    const { target, exits, lines } = appWith([
      { name: 'consumers', run: async () => void done.push('consumers') },
      { name: 'store', run: () => done.push('store') },
    ]);
    target.emit(signal, signal);
    await once(target, 'exited');
    expect([done, exits]).toEqual([['consumers', 'store'], [0]]);
    expect(lines.filter(({ step }) => step)).toMatchObject([
      { step: 'consumers', duration_ms: expect.any(Number) },
      { step: 'store', duration_ms: expect.any(Number) },
    ]);
  });

  it('goes on behind a step that fails, and exits with 1', async () => {
    const done: string[] = [];
    const { target, exits } = appWith([
      {
        name: 'broken',
        run: () => {
          throw new Error('boom');
        },
      },
      { name: 'store', run: () => done.push('store') },
    ]);
    target.emit('SIGTERM', 'SIGTERM');
    await once(target, 'exited');
    expect([done, exits]).toEqual([['store'], [1]]);
  });

  it('exits with 1 at once at a second signal', () => {
    const { target, exits } = appWith([{ name: 'stuck', run: forever }], 60);
    target.emit('SIGTERM', 'SIGTERM');
    expect(exits).toEqual([]);
    target.emit('SIGINT', 'SIGINT');
    expect(exits).toEqual([1]);
  });

  it('a signal that follows a start by hand is the first one: what has begun is finished', () => {
    const { target, exits, trigger } = appWith([{ name: 'stuck', run: forever }], 60);
    void trigger('the primary stops');
    target.emit('SIGTERM', 'SIGTERM');
    expect(exits).toEqual([]);
    target.emit('SIGTERM', 'SIGTERM');
    expect(exits).toEqual([1]);
  });

  it('exits with 1 when the time runs out', async () => {
    const { target, exits, lines } = appWith([{ name: 'stuck', run: forever }], 5);
    target.emit('SIGTERM', 'SIGTERM');
    await once(target, 'exited');
    expect(exits).toEqual([1]);
    expect(lines.at(-1)?.msg).toBe('Stopping took too long; exiting with work unfinished');
  });

  it('forgets its time limit once it is done', async () => {
    jest.useFakeTimers();
    try {
      await appWith([]).trigger('done');
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('runs once, by hand or by signal', async () => {
    let runs = 0;
    const { exits, trigger } = appWith([{ name: 'count', run: () => runs++ }]);
    await Promise.all([trigger('done'), trigger('done again')]);
    expect([runs, exits]).toEqual([1, [0]]);
  });
});
