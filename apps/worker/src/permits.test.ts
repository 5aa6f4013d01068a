import { createPermits } from './permits.js';

describe('createPermits', () => {
  it('lets callers in as long as there are permits, then in order of arrival', async () => {
    const permits = createPermits(3);
    const log: string[] = [];
    const first = await permits.acquire(2);
    const enter = (name: string, count: number) =>
      permits.acquire(count).then((release) => {
        log.push(name);
        return release;
      });
    const second = enter('second', 2);
    const third = enter('third', 2);
    await Promise.resolve();
    expect(log).toEqual([]);

    first();
    first(); // giving back twice gives nothing
    (await second)();
    expect(log).toEqual(['second']);
    (await third)();
    expect(log).toEqual(['second', 'third']);
    await expect(permits.acquire(3)).resolves.toEqual(expect.any(Function));
  });

  it('does not let a single conversation wait behind batches, nor before other singles', async () => {
    const permits = createPermits(2);
    const log: string[] = [];
    const all = await permits.acquire(2);
    const others = [
      [2, 'batch'],
      [1, 'first single'],
      [1, 'second single'],
    ] as const;
    const entered = others.map(async ([count, name]) => {
      const release = await permits.acquire(count);
      log.push(name);
      release();
    });
    all();
    await Promise.all(entered);
    expect(log).toEqual(['first single', 'second single', 'batch']);
  });

  it('refuses to wait for more permits than there are', async () => {
    await expect(createPermits(2).acquire(3)).rejects.toThrow('Asked for 3 of 2 permits.');
  });
});
